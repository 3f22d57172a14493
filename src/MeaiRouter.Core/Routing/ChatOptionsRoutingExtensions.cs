using System.Collections.Frozen;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.Load;
using MeaiRouter.Policies;
using MeaiRouter.Routing;

namespace Microsoft.Extensions.AI;

/// <summary>Carries what a request asks of MeaiRouter in <see cref="ChatOptions"/>.</summary>
public static class ChatOptionsRoutingExtensions
{
    internal const string RoutingKey = "meairouter.routing";
    internal const string RequestIdKey = "meairouter.id";
    internal const string SessionIdKey = "meairouter.session";
    internal const string ResponseCacheKey = "meairouter.cache";

    // OpenRouter's limit on session_id.
    private const int LongestSessionId = 256;

    private const string PoliciesKey = "meairouter.policies";
    private const string DataClassesKey = "meairouter.data_classes";
    private const string SeedKey = "meairouter.seed";
    private const string CallerKey = "meairouter.caller";
    private const string ProviderKeysKey = "meairouter.provider_keys";
    private const string PriorityKey = "meairouter.priority";
    private const string UserKey = "meairouter.user";
    private const string TagsKey = "meairouter.tags";
    private const string TraceLabelsKey = "meairouter.trace_labels";

    private static readonly FrozenSet<string> OfRequest =
        FrozenSet.Create<string>(StringComparer.OrdinalIgnoreCase, RequestIdKey, ChatOptionsRateLimitExtensions.Key);

    private static readonly FrozenSet<string> Wishes = FrozenSet.Create<string>(
        StringComparer.OrdinalIgnoreCase,
        RoutingKey, PoliciesKey, DataClassesKey, SeedKey, CallerKey, ProviderKeysKey, PriorityKey, SessionIdKey, ResponseCacheKey, UserKey, TagsKey, TraceLabelsKey);

    /// <summary>Sets what this request asks of routing.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="preferences">The preferences.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRouting(this ChatOptions options, RoutingPreferences preferences)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(preferences);

        (options.AdditionalProperties ??= [])[RoutingKey] = preferences;
        return options;
    }

    /// <summary>What this request asks of routing; <see langword="null"/> if nothing.</summary>
    /// <param name="options">The options of the request.</param>
    public static RoutingPreferences? GetRouting(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return options.AdditionalProperties?.TryGetValue(RoutingKey, out var value) == true ? value as RoutingPreferences : null;
    }

    /// <summary>Gives the request an id of your own, under which its trace and the ledger's record will be found.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="id">The id; it should be unique.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRequestId(this ChatOptions options, string id)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(id);

        (options.AdditionalProperties ??= [])[RequestIdKey] = id;
        return options;
    }

    /// <summary>Adds a policy that this request must satisfy, besides those it has and the app's.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithPolicy(this ChatOptions options, RoutingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(policy);

        (options.AdditionalProperties ??= [])[PoliciesKey] = (RoutingPolicy[])[.. options.GetPolicies(), policy];
        return options;
    }

    /// <summary>Says that this request holds data of a class, which then only goes to endpoints whose data policy allows it.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="dataClass">The class, such as <c>pii</c>, in addition to those given before.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithDataClass(this ChatOptions options, string dataClass)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(dataClass);

        (options.AdditionalProperties ??= [])[DataClassesKey] = (string[])[.. options.GetDataClasses(), dataClass];
        return options;
    }

    /// <summary>Repeats the random choices of an earlier decision. Not to be confused with the model's own <c>ChatOptions.Seed</c>.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="seed">The seed of a <see cref="RoutePlan"/> or <see cref="RouteTrace"/>.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRouteSeed(this ChatOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);

        (options.AdditionalProperties ??= [])[SeedKey] = seed;
        return options;
    }

    /// <summary>
    /// Says on whose behalf the request is made, such as the key it came with. Budgets of the scope <c>key:NAME</c> apply to it, no two callers'
    /// conversations are taken for one, and no caller's load keeps the others from being served.
    /// </summary>
    /// <param name="options">The options to change.</param>
    /// <param name="caller">A tenant, team or key. No provider sees it.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The caller is blank.</exception>
    public static ChatOptions WithCaller(this ChatOptions options, string caller)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(caller);

        (options.AdditionalProperties ??= [])[CallerKey] = caller;
        return options;
    }

    /// <summary>Brings a key of the caller's own, with which a provider is called (BYOK), besides those brought before.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="provider">The provider, as the catalogue's endpoints name it.</param>
    /// <param name="secret">The key. No trace, log or serialized form shows it.</param>
    /// <param name="use">When the key is used; default: before endpoints that are called with the provider's own keys.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The provider or the secret is blank.</exception>
    /// <remarks>
    /// Traces call the key by a name that only tells it from others while the process lives. To name it yourself, pass a
    /// <see cref="ProviderKey"/>. A provider whose client takes no keys is called with its own, and the trace says so.
    /// </remarks>
    public static ChatOptions WithProviderKey(
        this ChatOptions options, string provider, string secret, ProviderKeyUse use = ProviderKeyUse.Prioritized)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        return options.WithProviderKey(provider, new ProviderKey(AnonymousKeys.NameOf(secret), secret), use);
    }

    /// <inheritdoc cref="WithProviderKey(ChatOptions, string, string, ProviderKeyUse)"/>
    /// <param name="options">The options to change.</param>
    /// <param name="provider">The provider, as the catalogue's endpoints name it.</param>
    /// <param name="key">The key and its name, by which traces call it.</param>
    /// <param name="use">When the key is used; default: before endpoints that are called with the provider's own keys.</param>
    /// <param name="models">Ids of the models the key is for, in which <c>*</c> stands for any run of characters; <see langword="null"/> for all.</param>
    public static ChatOptions WithProviderKey(
        this ChatOptions options, string provider, ProviderKey key, ProviderKeyUse use = ProviderKeyUse.Prioritized, IReadOnlyList<string>? models = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        ArgumentNullException.ThrowIfNull(key);
        if (!Enum.IsDefined(use))
            throw new ArgumentOutOfRangeException(nameof(use), use, $"The use must be one of {string.Join(", ", Enum.GetNames<ProviderKeyUse>())}.");

        var own = key.IsCallers ? key : new ProviderKey(key.Name, key.Secret) { IsCallers = true };
        (options.AdditionalProperties ??= [])[ProviderKeysKey] = (CallerProviderKey[])[.. options.GetProviderKeys(), new CallerProviderKey(provider, own, use, models ?? [])];
        return options;
    }

    /// <summary>Says how urgent the request is where requests wait for an endpoint that is at its limit.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="priority">The priority; without it, <see cref="RequestPriority.Normal"/>.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The priority is none of those defined.</exception>
    public static ChatOptions WithPriority(this ChatOptions options, RequestPriority priority)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Enum.IsDefined(priority))
            throw new ArgumentOutOfRangeException(nameof(priority), priority, $"The priority must be one of {string.Join(", ", Enum.GetNames<RequestPriority>())}.");

        (options.AdditionalProperties ??= [])[PriorityKey] = priority;
        return options;
    }

    /// <summary>Says which end user the request is for. Budgets of the scopes <c>user:*</c> and <c>user:NAME</c> apply to it.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="user">The user's id. No provider sees it.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The id is blank.</exception>
    public static ChatOptions WithUser(this ChatOptions options, string user)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);

        (options.AdditionalProperties ??= [])[UserKey] = user;
        return options;
    }

    /// <summary>Gives the request a tag, besides those it has. Budgets of the scope <c>tag:NAME</c> apply to it.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="tag">The tag; capitals and small letters are the same. No provider sees it.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The tag is blank.</exception>
    public static ChatOptions WithTag(this ChatOptions options, string tag)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);

        var tags = options.GetTags();
        if (!tags.Contains(tag, StringComparer.OrdinalIgnoreCase))
            (options.AdditionalProperties ??= [])[TagsKey] = (string[])[.. tags, tag];
        return options;
    }

    /// <summary>Notes what is kept with the request's record for the caller's own traces, such as <c>trace_id</c>. Nothing is summed by it.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="labels">Names and values, in place of those before. No provider sees them.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithTraceLabels(this ChatOptions options, IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(labels);

        (options.AdditionalProperties ??= [])[TraceLabelsKey] = labels;
        return options;
    }

    internal static IReadOnlyDictionary<string, string>? GetTraceLabels(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(TraceLabelsKey, out var value) == true ? value as IReadOnlyDictionary<string, string> : null;

    internal static string? GetCaller(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(CallerKey, out var value) == true ? value as string : null;

    internal static IReadOnlyList<CallerProviderKey> GetProviderKeys(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(ProviderKeysKey, out var value) == true && value is CallerProviderKey[] keys ? keys : [];

    internal static RequestPriority GetPriority(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(PriorityKey, out var value) == true && value is RequestPriority priority
            ? priority
            : RequestPriority.Normal;

    /// <summary>The end user the request is for; <see langword="null"/> if it names none.</summary>
    /// <param name="options">The options.</param>
    public static string? GetUser(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(UserKey, out var value) == true ? value as string : null;

    internal static string[] GetTags(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(TagsKey, out var value) == true && value is string[] tags ? tags : [];

    internal static IReadOnlyList<RoutingPolicy> GetPolicies(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(PoliciesKey, out var value) == true && value is RoutingPolicy[] policies ? policies : [];

    internal static IReadOnlyList<string> GetDataClasses(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(DataClassesKey, out var value) == true && value is string[] classes ? classes : [];

    internal static ulong? GetRouteSeed(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(SeedKey, out var value) == true && value is ulong seed ? seed : null;

    /// <summary>Takes out what is ours.</summary>
    /// <param name="properties">The properties of options.</param>
    /// <param name="keepWishes">Whether what the request asks of routing stays, for a pipeline that honours it.</param>
    internal static void RemoveFrom(AdditionalPropertiesDictionary properties, bool keepWishes)
    {
        // There are few properties and many that could be ours. A dictionary may be removed from while it is enumerated.
        foreach (var (name, _) in properties)
        {
            if (OfRequest.Contains(name) || (!keepWishes && Wishes.Contains(name)))
                properties.Remove(name);
        }
    }

    /// <summary>Says which session the request belongs to, so that the session stays with the endpoint that answers it.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="id">The id of the session, at most 256 characters. No provider sees it.</param>
    /// <returns>The same options.</returns>
    /// <exception cref="ArgumentException">The id is blank or too long.</exception>
    /// <remarks>Without it a conversation is known by how it begins, and stays only once an answer has shown use of a prompt cache.</remarks>
    public static ChatOptions WithSessionId(this ChatOptions options, string id)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (id.Length > LongestSessionId)
            throw new ArgumentException($"The session id has {id.Length} characters; it may have at most {LongestSessionId}.", nameof(id));

        (options.AdditionalProperties ??= [])[SessionIdKey] = id;
        return options;
    }

    /// <summary>The session the request belongs to; <see langword="null"/> if it names none.</summary>
    /// <param name="options">The options of the request.</param>
    public static string? GetSessionId(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return options.AdditionalProperties?.TryGetValue(SessionIdKey, out var value) == true ? value as string : null;
    }
}

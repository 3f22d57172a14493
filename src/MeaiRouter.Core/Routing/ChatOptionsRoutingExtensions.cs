using MeaiRouter.Routing;

namespace Microsoft.Extensions.AI;

/// <summary>Carries what a request asks of MeaiRouter in <see cref="ChatOptions"/>.</summary>
public static class ChatOptionsRoutingExtensions
{
    internal const string RoutingKey = "meairouter.routing";
    internal const string RequestIdKey = "meairouter.id";
    internal const string SessionIdKey = "meairouter.session";

    // OpenRouter's limit on session_id.
    private const int LongestSessionId = 256;

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

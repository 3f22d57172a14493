using MeaiRouter.Routing;

namespace Microsoft.Extensions.AI;

/// <summary>Carries what a request asks of MeaiRouter in <see cref="ChatOptions"/>.</summary>
public static class ChatOptionsRoutingExtensions
{
    internal const string RoutingKey = "meairouter.routing";
    internal const string RequestIdKey = "meairouter.id";

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
}

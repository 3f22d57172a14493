using MeaiRouter.Routing;

namespace Microsoft.Extensions.AI;

/// <summary>Carries <see cref="RoutingPreferences"/> in <see cref="ChatOptions"/>.</summary>
public static class ChatOptionsRoutingExtensions
{
    internal const string Key = "meairouter.routing";

    /// <summary>Sets what this request asks of routing.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="preferences">The preferences.</param>
    /// <returns>The same options.</returns>
    public static ChatOptions WithRouting(this ChatOptions options, RoutingPreferences preferences)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(preferences);

        (options.AdditionalProperties ??= [])[Key] = preferences;
        return options;
    }

    /// <summary>What this request asks of routing; <see langword="null"/> if nothing.</summary>
    /// <param name="options">The options of the request.</param>
    public static RoutingPreferences? GetRouting(this ChatOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        return options.AdditionalProperties?.TryGetValue(Key, out var value) == true ? value as RoutingPreferences : null;
    }
}

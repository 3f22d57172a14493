using MeaiRouter.Caching;

namespace Microsoft.Extensions.AI;

/// <summary>Carries what a request asks of the response cache in <see cref="ChatOptions"/>.</summary>
public static class ChatOptionsCachingExtensions
{
    /// <summary>Switches the response cache on or off for this request.</summary>
    /// <param name="options">The options to change.</param>
    /// <param name="enabled">Whether to use it; <see langword="null"/> leaves that to the layer.</param>
    /// <param name="timeToLive">
    /// How long to keep the answer; less than a second counts as a second, more than a day as a day. <see langword="null"/> leaves that to
    /// the layer.
    /// </param>
    /// <param name="renew">Whether to pass by what is kept and keep the new answer instead.</param>
    /// <returns>The same options.</returns>
    /// <remarks>Has no effect without a layer added by <c>UseResponseCache</c>.</remarks>
    public static ChatOptions WithResponseCache(this ChatOptions options, bool? enabled = true, TimeSpan? timeToLive = null, bool renew = false)
    {
        ArgumentNullException.ThrowIfNull(options);

        TimeSpan? kept = timeToLive is { } time
            ? TimeSpan.FromTicks(Math.Clamp(time.Ticks, ResponseCacheOptions.ShortestTimeToLive.Ticks, ResponseCacheOptions.LongestTimeToLive.Ticks))
            : null;
        (options.AdditionalProperties ??= [])[ChatOptionsRoutingExtensions.ResponseCacheKey] = new CacheSwitch(enabled, kept, renew);
        return options;
    }

    internal static CacheSwitch? GetCacheSwitch(this ChatOptions options) =>
        options.AdditionalProperties?.TryGetValue(ChatOptionsRoutingExtensions.ResponseCacheKey, out var value) == true ? value as CacheSwitch : null;
}

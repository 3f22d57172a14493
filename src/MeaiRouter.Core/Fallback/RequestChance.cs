using MeaiRouter.Routing;

namespace MeaiRouter.Fallback;

/// <summary>What one request leaves to chance. It follows from the route's seed, or from the request's id, so that it can be repeated.</summary>
internal static class RequestChance
{
    // Full jitter over 250 ms, the first step of most peers' backoff.
    private static readonly TimeSpan LongestMoment = TimeSpan.FromMilliseconds(250);

    /// <summary>The seed of the request.</summary>
    public static ulong SeedOf(RouteContext context)
    {
        if ((context.Plan?.Seed ?? context.Seed) is { } seed)
            return seed;

        // FNV-1a.
        var hash = 14695981039346656037UL;
        foreach (var character in context.Id)
            hash = (hash ^ character) * 1099511628211UL;
        return hash;
    }

    /// <summary>A moment before an endpoint is tried again.</summary>
    /// <param name="context">The request.</param>
    /// <param name="attempt">The index of the attempt that failed.</param>
    public static TimeSpan Moment(RouteContext context, int attempt) =>
        new SeededRandom(SeedOf(context) + (ulong)attempt).NextDouble() * LongestMoment;
}

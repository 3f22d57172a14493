using MeaiRouter.Routing.Resolution;

namespace MeaiRouter.Routing;

/// <summary>Moves endpoints that are slower than the caller would like to the end. A wish, not a filter: they can still be reached.</summary>
internal static class PreferredLimits
{
    /// <summary>
    /// Moves the candidates that miss a cutoff of their model's behind all others; within both groups the order stays. Unmeasured ones miss none,
    /// and those with a key of the caller's that goes first stay where they are.
    /// </summary>
    /// <param name="candidates">The candidates, in the order they are in so far.</param>
    /// <param name="models">The models of the request, each with what is asked of its endpoints.</param>
    /// <param name="keys">The caller's keys; <see langword="null"/> for none.</param>
    public static void MoveMissesToEnd(Span<Candidate> candidates, RoutedModel[] models, CallerKeys? keys)
    {
        if (Array.Exists(models, static routed => HasLimits(routed.Preferences)))
            MoveToEnd(candidates, models, keys);
    }

    // Apart, so that a request without limits makes no closure.
    private static void MoveToEnd(Span<Candidate> candidates, RoutedModel[] models, CallerKeys? keys) =>
        CandidateOrder.ByScore(candidates, candidate => keys?.SectionOf(candidate) != KeySection.Prioritized && Misses(candidate, models) ? 1 : 0);

    private static bool Misses(in Candidate candidate, RoutedModel[] models)
    {
        foreach (ref readonly var routed in models.AsSpan())
        {
            if (ReferenceEquals(routed.Model.Model, candidate.Model))
                return HasLimits(routed.Preferences) && Misses(candidate, routed.Preferences.PreferredMinThroughput, routed.Preferences.PreferredMaxLatency);
        }

        return false;
    }

    // An order of the request's own stays as it is.
    private static bool HasLimits(RoutingPreferences preferences) =>
        preferences.Order.Count == 0 && (preferences.PreferredMinThroughput is not null || preferences.PreferredMaxLatency is not null);

    // Whoever cannot answer now misses every cutoff. Where nobody streams, the first content comes with the whole answer.
    private static bool Misses(in Candidate candidate, PercentileCutoffs? minThroughput, PercentileCutoffs? maxLatency) =>
        candidate.Health.AvailableIn > TimeSpan.Zero
        || (minThroughput is not null && candidate.Health.Throughput is { } throughput && minThroughput.IsBelow(throughput))
        || (maxLatency is not null && (candidate.Health.TimeToFirstContent ?? candidate.Health.Duration) is { } latency && maxLatency.IsAbove(latency));
}

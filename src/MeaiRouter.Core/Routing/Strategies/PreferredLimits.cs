namespace MeaiRouter.Routing;

/// <summary>Moves endpoints that are slower than the caller would like to the end. A wish, not a filter: they can still be reached.</summary>
internal static class PreferredLimits
{
    /// <summary>Moves the candidates that miss a cutoff behind the others; within both groups the order stays. Unmeasured ones miss none.</summary>
    /// <param name="candidates">The candidates, in the order they are in so far.</param>
    /// <param name="minThroughput">Output tokens per second.</param>
    /// <param name="maxLatency">Seconds to the first content.</param>
    public static void MoveMissesToEnd(Span<Candidate> candidates, PercentileCutoffs? minThroughput, PercentileCutoffs? maxLatency)
    {
        if (minThroughput is null && maxLatency is null)
            return;

        CandidateOrder.ByScore(candidates, candidate => Misses(candidate, minThroughput, maxLatency) ? 1 : 0);
    }

    // Whoever cannot answer now misses every cutoff.
    private static bool Misses(in Candidate candidate, PercentileCutoffs? minThroughput, PercentileCutoffs? maxLatency) =>
        candidate.Health.AvailableIn > TimeSpan.Zero
        || (minThroughput is not null && candidate.Health.Throughput is { } throughput && minThroughput.IsBelow(throughput))
        || (maxLatency is not null && candidate.Health.TimeToFirstContent is { } latency && maxLatency.IsAbove(latency));
}

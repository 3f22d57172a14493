namespace MeaiRouter.Routing;

/// <summary>Shortest time to the first content first, by the median of the last five minutes or else the running average.</summary>
/// <remarks>
/// Whole answers show their first content only at their end; such an endpoint counts by that. An endpoint that has never answered comes
/// first: somebody has to find out.
/// </remarks>
internal sealed class LatencyStrategy : IRoutingStrategy
{
    public string Name => "latency";

    public void Order(Span<Candidate> candidates, in RouteRequest request) =>
        CandidateOrder.ByScore(candidates, static candidate => candidate.Health.TimeToFirstContent?.P50 ?? candidate.Health.AverageLatency ?? 0);
}

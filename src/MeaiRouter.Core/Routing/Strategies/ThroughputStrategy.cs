namespace MeaiRouter.Routing;

/// <summary>Most output tokens per second first, by the median of the last five minutes or else the mean of two hours.</summary>
/// <remarks>An endpoint that has not answered in that time comes first: somebody has to find out. One whose answers tell no tokens comes last.</remarks>
internal sealed class ThroughputStrategy : IRoutingStrategy
{
    public string Name => "throughput";

    public void Order(Span<Candidate> candidates, in RouteRequest request) => CandidateOrder.ByScore(candidates, Score);

    private static double Score(Candidate candidate)
    {
        if (candidate.Health.Throughput is { } throughput)
            return -throughput.P50;

        var traffic = candidate.Health.TwoHoursOfTraffic;
        if (traffic.Answered == 0)
            return double.NegativeInfinity;
        return traffic.Measured > 0 ? -traffic.OutputTokens / traffic.Seconds : double.PositiveInfinity;
    }
}

using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>Picks two endpoints at random and takes the less loaded; the others follow least loaded first.</summary>
/// <remarks>
/// Two choices come close to knowing the least loaded of all, and do not send everybody there at once. Load is the running average of
/// latency, 10 % more for every attempt in flight (agentgateway's figure). Who has never answered counts as an average one.
/// </remarks>
internal sealed class LeastBusyStrategy : IRoutingStrategy
{
    private const double PenaltyPerAttempt = 0.1;

    public string Name => "least-busy";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        if (candidates.Length < 2)
            return;

        CandidateOrder.Shuffle(candidates, request.Seed);

        // After the shuffle the first two are two at random, and equal loads are in random order.
        var typical = TypicalLatency(candidates);
        if (Load(candidates[1].Health, typical) < Load(candidates[0].Health, typical))
            (candidates[0], candidates[1]) = (candidates[1], candidates[0]);
        CandidateOrder.ByScore(candidates[1..], candidate => Load(candidate.Health, typical));
    }

    private static double Load(EndpointHealth health, double typical) =>
        (health.AverageLatency ?? typical) * (1 + (PenaltyPerAttempt * health.InFlight));

    private static double TypicalLatency(ReadOnlySpan<Candidate> candidates)
    {
        var (sum, count) = (0.0, 0);
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Health.AverageLatency is { } latency)
                (sum, count) = (sum + latency, count + 1);
        }

        return count > 0 ? sum / count : 1;
    }
}

namespace MeaiRouter.Routing;

/// <summary>Draws in proportion to the endpoints' weights, and after a failure again among the rest. Weight zero is a last resort.</summary>
internal sealed class WeightedStrategy : IRoutingStrategy
{
    public string Name => "weighted";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        Span<double> weights = candidates.Length <= 128 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = candidates[i].Endpoint.Weight;
        CandidateOrder.Draw(candidates, weights, request.Seed);
    }
}

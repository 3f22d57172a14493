namespace MeaiRouter.Routing;

/// <summary>Cheapest first, unpriced endpoints last.</summary>
internal sealed class PriceStrategy : IRoutingStrategy
{
    public string Name => "price";

    public void Order(Span<Candidate> candidates, in RouteRequest request) => PriceOrder.Apply(candidates);
}

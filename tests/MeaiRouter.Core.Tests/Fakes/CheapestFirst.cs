using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A strategy without chance: the catalogue's own order, cheapest first.</summary>
internal sealed class CheapestFirst : IRoutingStrategy
{
    public string Name => "cheapest-first";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
    }
}

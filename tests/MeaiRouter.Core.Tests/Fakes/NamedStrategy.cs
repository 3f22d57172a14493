using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A strategy that sorts by tag and remembers what it was told.</summary>
internal sealed class NamedStrategy(string name) : IRoutingStrategy
{
    public string Name => name;

    public RouteRequest Told { get; private set; }

    public string[] Given { get; private set; } = [];

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        Told = request;
        Given = [.. candidates.ToArray().Select(candidate => candidate.Endpoint.Tag)];
        candidates.Sort(static (a, b) => StringComparer.Ordinal.Compare(a.Endpoint.Tag, b.Endpoint.Tag));
    }
}

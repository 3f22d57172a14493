namespace MeaiRouter.Routing;

/// <summary>Decides in which order the endpoints of one model are tried.</summary>
public interface IRoutingStrategy
{
    /// <summary>The name by which configuration and traces refer to the strategy.</summary>
    string Name { get; }

    /// <summary>Puts the candidates into the order in which they are to be tried.</summary>
    /// <param name="candidates">The endpoints of one model that may serve the request, cheapest first, unpriced ones last.</param>
    /// <param name="request">What else is known.</param>
    /// <remarks>
    /// Called for every request on the caller's thread, from many threads at once; it must not block. What it remembers between requests
    /// cannot be replayed. Endpoints that are failing need no care of its own: they are moved back after it.
    /// </remarks>
    void Order(Span<Candidate> candidates, in RouteRequest request);
}

using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing;

/// <summary>Begins expectations of the route that a request took.</summary>
public static class RouteExpectationExtensions
{
    /// <summary>Expects something of the route of a whole answer.</summary>
    /// <param name="response">The answer.</param>
    /// <exception cref="RouteExpectationException">No layer of MeaiRouter took part in it.</exception>
    public static RouteExpectation ExpectRoute(this ChatResponse response) => Of(response.GetRouteTrace());

    /// <summary>Expects something of the route of a streamed answer.</summary>
    /// <param name="updates">All its updates.</param>
    /// <exception cref="RouteExpectationException">No layer of MeaiRouter took part in it, or the last update is missing.</exception>
    public static RouteExpectation ExpectRoute(this IReadOnlyList<ChatResponseUpdate> updates)
    {
        ArgumentNullException.ThrowIfNull(updates);
        return Of(updates.Count > 0 ? updates[^1].GetRouteTrace() : null);
    }

    /// <summary>Expects something of the route of embeddings.</summary>
    /// <param name="embeddings">The embeddings.</param>
    /// <exception cref="RouteExpectationException">No layer of MeaiRouter took part in them.</exception>
    public static RouteExpectation ExpectRoute(this GeneratedEmbeddings<Embedding<float>> embeddings) => Of(embeddings.GetRouteTrace());

    /// <summary>Expects something of the route of a request that nobody answered.</summary>
    /// <param name="failure">The failure.</param>
    public static RouteExpectation ExpectRoute(this RouterException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return new RouteExpectation(failure);
    }

    private static RouteExpectation Of(Routing.RouteTrace? trace) =>
        trace is null
            ? throw new RouteExpectationException("Expected a route, found an answer without one: is there a layer of MeaiRouter around the client?")
            : new RouteExpectation(trace);
}

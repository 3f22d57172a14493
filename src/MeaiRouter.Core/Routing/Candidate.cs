using MeaiRouter.Catalog;
using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>An endpoint that may serve a request.</summary>
/// <param name="Model">The model it serves.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Health">What is known about the endpoint from earlier attempts.</param>
public readonly record struct Candidate(Model Model, ModelEndpoint Endpoint, EndpointHealth Health)
{
    /// <summary>What prices are compared by, in US dollars per million tokens in and out; <see langword="null"/> if unpriced.</summary>
    public decimal? Price => Endpoint.Price?.Blended;

    /// <summary>The limit on prompt and answer together at this endpoint; <see langword="null"/> if unknown.</summary>
    public int? ContextLength => Endpoint.ContextLength ?? Model.ContextLength;
}

using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Keys;

namespace MeaiRouter.Routing;

/// <summary>An endpoint that may serve a request.</summary>
/// <param name="Model">The model it serves.</param>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Health">What is known about the endpoint, called with the same key, from earlier attempts.</param>
public readonly record struct Candidate(Model Model, ModelEndpoint Endpoint, EndpointHealth Health)
{
    /// <summary>The key of the caller's own to call with; <see langword="null"/> for the provider's own keys.</summary>
    public ProviderKey? Key { get; init; }

    /// <summary>What prices are compared by, in US dollars per million tokens in and out; <see langword="null"/> if unpriced.</summary>
    public decimal? Price => Endpoint.Price?.Blended;

    /// <summary>The limit on prompt and answer together at this endpoint; <see langword="null"/> if unknown.</summary>
    public int? ContextLength => Endpoint.ContextLength ?? Model.ContextLength;

    /// <summary>The price in numbers that are quick to weigh; <see langword="null"/> if unpriced.</summary>
    internal PriceWeights? Weights
    {
        get => field ?? (Endpoint.Price is { } price ? new PriceWeights(price) : null);
        init;
    }

    /// <summary>Model, endpoint and, if it is the caller's, key, as traces name them.</summary>
    internal string Description => Key is null ? $"{Model} at {Endpoint}" : $"{Model} at {Endpoint} with {Key}";
}

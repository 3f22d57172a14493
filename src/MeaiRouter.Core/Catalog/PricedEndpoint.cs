using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>What one endpoint would charge for the tokens of a <see cref="PriceComparison"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Endpoint">The endpoint that serves it.</param>
/// <param name="Cost">The cost; <see langword="null"/> if the endpoint has no price for such a prompt at that time.</param>
public readonly record struct PricedEndpoint(Model Model, ModelEndpoint Endpoint, NanoUsd? Cost);

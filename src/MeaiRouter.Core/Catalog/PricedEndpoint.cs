using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>What one endpoint would charge for the tokens of a <see cref="PriceComparison"/>.</summary>
/// <param name="Model">The model.</param>
/// <param name="Endpoint">The endpoint that serves it.</param>
/// <param name="Cost">
/// The cost; <see langword="null"/> if the endpoint is unpriced, or priced only for shorter prompts (<see cref="ModelEndpoint.PricedUpTo"/>).
/// </param>
public readonly record struct PricedEndpoint(Model Model, ModelEndpoint Endpoint, NanoUsd? Cost);

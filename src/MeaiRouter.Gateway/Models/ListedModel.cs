using MeaiRouter.Catalog;

namespace MeaiRouter.Gateway.Models;

/// <summary>A model as one caller sees it.</summary>
/// <param name="Model">The model.</param>
/// <param name="Endpoints">Those of its endpoints that he may use, cheapest first.</param>
internal sealed record ListedModel(Model Model, IReadOnlyList<ModelEndpoint> Endpoints)
{
    /// <summary>The first endpoint: what OpenRouter calls the top provider, and the price a caller may hope for.</summary>
    public ModelEndpoint? Cheapest => Endpoints.Count > 0 ? Endpoints[0] : null;

    public int? ContextLength => Model.ContextLength ?? Endpoints.Max(static endpoint => endpoint.ContextLength);

    public IEnumerable<string> SupportedParameters => Endpoints.SelectMany(static endpoint => endpoint.KnownParameters).Distinct();

    /// <summary>OpenRouter: the mean of the price in and out; <see langword="null"/> if unpriced.</summary>
    public decimal? MeanPrice => Cheapest?.Price is { } price ? (price.Prompt + price.Completion) / 2 : null;
}

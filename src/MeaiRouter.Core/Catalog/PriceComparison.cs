using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Compares endpoints by what they charge for the same tokens.</summary>
public static class PriceComparison
{
    /// <summary>Every endpoint of the models, cheapest first and those without a price for these tokens last.</summary>
    /// <param name="models">The models to compare, such as <see cref="ModelCatalog.Models"/> or a choice of them.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="completionTokens">Tokens of the answer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    /// <exception cref="OverflowException">A cost exceeds what <see cref="NanoUsd"/> holds.</exception>
    public static IReadOnlyList<PricedEndpoint> Of(IEnumerable<Model> models, int promptTokens, int completionTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(completionTokens);
        return Of(models, new TokenUsage { Input = promptTokens, Output = completionTokens });
    }

    /// <summary>Every endpoint of the models, cheapest first and those without a price for these tokens last.</summary>
    /// <param name="models">The models to compare.</param>
    /// <param name="usage">The tokens, in buckets: cached ones apart, for example.</param>
    /// <exception cref="OverflowException">A cost exceeds what <see cref="NanoUsd"/> holds.</exception>
    public static IReadOnlyList<PricedEndpoint> Of(IEnumerable<Model> models, TokenUsage usage)
    {
        ArgumentNullException.ThrowIfNull(models);
        return [.. models
            .SelectMany(model => model.Endpoints.Select(endpoint => new PricedEndpoint(model, endpoint, CostAt(endpoint, usage))))
            .OrderBy(priced => priced.Cost is null)
            .ThenBy(priced => priced.Cost.GetValueOrDefault())
            .ThenBy(priced => priced.Model.Id, StringComparer.OrdinalIgnoreCase)
            .ThenBy(priced => priced.Endpoint.Tag, StringComparer.OrdinalIgnoreCase)];
    }

    private static NanoUsd? CostAt(ModelEndpoint endpoint, in TokenUsage usage) =>
        usage.TotalInput > endpoint.PricedUpTo ? null : endpoint.Price?.CostOf(usage);
}

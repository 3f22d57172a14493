using MeaiRouter.Pricing;

namespace MeaiRouter.Catalog;

/// <summary>Compares endpoints by what they charge for the same tokens.</summary>
public static class PriceComparison
{
    /// <summary>Every endpoint of the models, cheapest first and those without a price for these tokens last.</summary>
    /// <param name="models">The models to compare, such as <see cref="ModelCatalog.Models"/> or a choice of them.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="completionTokens">Tokens of the answer.</param>
    /// <param name="timeProvider">The clock, for prices that change with the time; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative.</exception>
    /// <exception cref="OverflowException">A cost exceeds what <see cref="NanoUsd"/> holds.</exception>
    public static IReadOnlyList<PricedEndpoint> Of(IEnumerable<Model> models, int promptTokens, int completionTokens, TimeProvider? timeProvider = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(promptTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(completionTokens);
        return Of(models, new TokenUsage { Input = promptTokens, Output = completionTokens, Requests = 1 }, timeProvider);
    }

    /// <summary>Every endpoint of the models, cheapest first and those without a price for these tokens last.</summary>
    /// <param name="models">The models to compare.</param>
    /// <param name="usage">The tokens, in buckets: cached ones apart, for example; and the requests, where some endpoint charges for those.</param>
    /// <param name="timeProvider">The clock, for prices that change with the time; <see langword="null"/> for the system's.</param>
    /// <exception cref="OverflowException">A cost exceeds what <see cref="NanoUsd"/> holds.</exception>
    public static IReadOnlyList<PricedEndpoint> Of(IEnumerable<Model> models, TokenUsage usage, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(models);
        var now = (timeProvider ?? TimeProvider.System).GetUtcNow();
        return [.. models
            .SelectMany(model => model.Endpoints.Select(endpoint => new PricedEndpoint(model, endpoint, CostAt(endpoint, usage, now))))
            .OrderBy(priced => priced.Cost is null)
            .ThenBy(priced => priced.Cost.GetValueOrDefault())
            .ThenBy(priced => priced.Model.Id, StringComparer.OrdinalIgnoreCase)
            .ThenBy(priced => priced.Endpoint.Tag, StringComparer.OrdinalIgnoreCase)];
    }

    private static NanoUsd? CostAt(ModelEndpoint endpoint, in TokenUsage usage, DateTimeOffset now) =>
        endpoint.Price?.For(new PriceConditions { PromptTokens = usage.TotalInput, At = now, Regions = endpoint.Regions })?.CostOf(usage);
}

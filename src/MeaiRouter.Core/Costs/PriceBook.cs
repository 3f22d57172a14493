using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs;

/// <summary>Prices by model id, for clients that no catalogue describes.</summary>
public sealed class PriceBook
{
    private readonly FrozenDictionary<string, Price> _prices;

    /// <summary>Creates a price book.</summary>
    /// <param name="prices">The price of each model, by the id that requests or answers carry, compared without regard to case.</param>
    public PriceBook(IReadOnlyDictionary<string, Price> prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        _prices = prices.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A price book without a price: everything the catalogue does not price is unpriced.</summary>
    public static PriceBook Empty { get; } = new(FrozenDictionary<string, Price>.Empty);

    /// <summary>The price of a model; <see langword="null"/> if it is unpriced.</summary>
    /// <param name="model">The model id.</param>
    public Price? Find(string model) => _prices.GetValueOrDefault(model);

    /// <summary>What an attempt is charged by: its endpoint's price, else that of the model as it was served, else as it was requested.</summary>
    internal Price? PriceOf(RouteAttempt attempt, string? requestedModel)
    {
        if (attempt.Endpoint is not null)
            return attempt.Endpoint.Price;
        return (attempt.ServedModel is { } served ? Find(served) : null) ?? (requestedModel is null ? null : Find(requestedModel));
    }

    /// <summary>How many models it prices.</summary>
    internal int Count => _prices.Count;
}

namespace MeaiRouter.Pricing;

/// <summary>The facts about one attempt on which a price may depend.</summary>
public readonly record struct PriceConditions
{
    /// <summary>All input tokens, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>When the attempt began.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>
    /// The service tier the attempt was served in, such as <c>flex</c>; <see langword="null"/> for the standard one, and at endpoints whose
    /// whole price list is that of their tier.
    /// </summary>
    public string? ServiceTier { get; init; }

    /// <summary>The regions in which the endpoint computes; <see langword="null"/> if unknown.</summary>
    public IReadOnlyList<string>? Regions { get; init; }

    /// <summary>Whether the request was part of a batch.</summary>
    public bool IsBatch { get; init; }

    /// <summary>Whether the standard price certainly does not hold.</summary>
    internal bool NeedsOwnPrice => IsBatch || HasTierOfOwnPrice;

    // Both are priced apart by everybody who offers them; other names, such as default or on_demand, are words for the standard tier.
    internal bool HasTierOfOwnPrice => ServiceTier is not null
        && (ServiceTier.Equals("flex", StringComparison.OrdinalIgnoreCase) || ServiceTier.Equals("priority", StringComparison.OrdinalIgnoreCase));
}

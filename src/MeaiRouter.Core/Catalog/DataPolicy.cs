namespace MeaiRouter.Catalog;

/// <summary>What a provider does with prompts and answers.</summary>
public sealed record DataPolicy
{
    /// <summary>Whether the provider may train on them; <see langword="null"/> if unknown.</summary>
    public bool? Training { get; init; }

    /// <summary>How long the provider keeps them: <c>none</c>, or the provider's own words such as <c>30 days</c>; <see langword="null"/> if unknown.</summary>
    public string? Retention { get; init; }

    /// <summary>The classes of data that may be sent there although not everything may, such as <c>pii</c>; empty allows none.</summary>
    public IReadOnlyList<string> AllowedDataClasses { get; init; } = [];
}

using MeaiRouter.Pricing;

namespace MeaiRouter.Costs;

/// <summary>What all attempts at one endpoint of a model came to.</summary>
/// <param name="Model">The model; <see langword="null"/> without a catalogue.</param>
/// <param name="Provider">The provider.</param>
public sealed record SpendTotal(string? Model, string Provider)
{
    /// <summary>How many attempts there were.</summary>
    public long Attempts { get; init; }

    /// <summary>How many of them answered.</summary>
    public long Answers { get; init; }

    /// <summary>How many of them are unpriced, so that their cost is missing in <see cref="Cost"/>.</summary>
    public long Unpriced { get; init; }

    /// <summary>The tokens of all attempts.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>The cost of all priced attempts.</summary>
    public NanoUsd Cost { get; init; }
}

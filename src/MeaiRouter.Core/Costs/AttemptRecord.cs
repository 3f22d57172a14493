using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs;

/// <summary>One attempt as the ledger keeps it: facts only, nothing of the conversation.</summary>
public sealed record AttemptRecord
{
    /// <summary>The provider called.</summary>
    public required string Provider { get; init; }

    /// <summary>The catalogue's model, or without a catalogue the model as the answer names it; <see langword="null"/> if neither is known.</summary>
    public string? Model { get; init; }

    /// <summary>The endpoint's tag; <see langword="null"/> without a catalogue.</summary>
    public string? Endpoint { get; init; }

    /// <summary>When the attempt began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>From beginning to end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>From the beginning to the first content; <see langword="null"/> if none came.</summary>
    public TimeSpan? TimeToFirstContent { get; init; }

    /// <summary>How it ended.</summary>
    public AttemptOutcome Outcome { get; init; }

    /// <summary>Why it failed; <see langword="null"/> unless it did.</summary>
    public FailureKind? FailureKind { get; init; }

    /// <summary>The HTTP status of the failure; <see langword="null"/> if there was none.</summary>
    public int? Status { get; init; }

    /// <summary>The tokens used; all zero where the provider did no work.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>What it cost; with a key of the caller's own only our fee. <see langword="null"/> if it is unpriced.</summary>
    public NanoUsd? Cost { get; init; }

    /// <summary>What the provider charges to the caller's own key, on top of the cost; <see langword="null"/> unless it was called with one.</summary>
    public NanoUsd? UpstreamCost { get; init; }

    /// <summary>What the caller is charged: the <see cref="Cost"/>, or nothing where it was waived.</summary>
    public NanoUsd? Charge => IsWaived ? NanoUsd.Zero : Cost;

    /// <summary>Whether the caller is not charged, because the attempt brought him nothing.</summary>
    public bool IsWaived { get; init; }

    /// <summary>What the provider itself says it cost; <see langword="null"/> if it does not say.</summary>
    public ReportedCost? ReportedCost { get; init; }

    /// <summary>Whether the reported and the computed cost are too far apart.</summary>
    public bool HasCostDrift { get; init; }

    /// <summary>The version of the price that applied; <see langword="null"/> if none did.</summary>
    public string? PriceVersion { get; init; }

    /// <summary>The overrides that applied, such as <c>above 200000 prompt tokens; flex</c>; <see langword="null"/> if none did.</summary>
    public string? PriceOverrides { get; init; }

    /// <summary>The service tier that the answer says it was served in; <see langword="null"/> if it does not say.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The name of the key the provider was called with; <see langword="null"/> where its client chose by itself.</summary>
    public string? KeyName { get; init; }

    internal static AttemptRecord Of(RouteAttempt attempt) => new()
    {
        Provider = attempt.Provider,
        Model = attempt.Model?.Id ?? attempt.ServedModel,
        Endpoint = attempt.Endpoint?.Tag,
        StartedAt = attempt.StartedAt,
        Duration = attempt.Duration,
        TimeToFirstContent = attempt.TimeToFirstContent,
        Outcome = attempt.Outcome,
        FailureKind = attempt.Failure?.Kind,
        Status = attempt.Failure?.Status,
        Usage = attempt.Usage.GetValueOrDefault(),
        Cost = attempt.Cost,
        UpstreamCost = attempt.UpstreamCost,
        IsWaived = attempt.IsWaived,
        ReportedCost = attempt.ReportedCost,
        HasCostDrift = attempt.HasCostDrift,
        PriceVersion = attempt.Price?.Version,
        PriceOverrides = attempt.Price?.Applied,
        ServiceTier = attempt.ServiceTier,
        KeyName = attempt.KeyName,
    };
}

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

    /// <summary>What it cost; <see langword="null"/> if it is unpriced.</summary>
    public NanoUsd? Cost { get; init; }

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
    };
}

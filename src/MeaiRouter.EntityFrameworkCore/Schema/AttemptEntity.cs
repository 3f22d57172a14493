namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>A row of the table <c>attempts</c>.</summary>
public sealed class AttemptEntity
{
    /// <summary>The id of the request.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>Which attempt of the request, from 0.</summary>
    public long Number { get; init; }

    /// <summary>When it began, in Unix milliseconds.</summary>
    public long StartedAt { get; init; }

    /// <summary>The catalogue's model.</summary>
    public string? Model { get; init; }

    /// <summary>The provider called.</summary>
    public string Provider { get; init; } = "";

    /// <summary>The endpoint's tag.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How it ended: <c>Answered</c>, <c>Failed</c>, <c>Superseded</c>, <c>Cancelled</c>.</summary>
    public string Outcome { get; init; } = "";

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    /// <summary>From beginning to end, in microseconds.</summary>
    public long DurationMicroseconds { get; init; }

    /// <summary>What it cost, in nano-dollars; <see langword="null"/> if it is unpriced.</summary>
    public long? CostNanoUsd { get; init; }
}

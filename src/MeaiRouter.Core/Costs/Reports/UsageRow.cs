using MeaiRouter.Pricing;

namespace MeaiRouter.Costs.Reports;

/// <summary>Sums over requests and attempts. A dimension that was not grouped by, or is unknown, is <see langword="null"/>.</summary>
public sealed record UsageRow
{
    /// <summary>The beginning of the hour or day; <see langword="null"/> unless grouped by one.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The provider.</summary>
    public string? Provider { get; init; }

    /// <summary>The endpoint's tag.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The name of the caller's key.</summary>
    public string? Key { get; init; }

    /// <summary>The user.</summary>
    public string? User { get; init; }

    /// <summary>The tag.</summary>
    public string? Tag { get; init; }

    /// <summary>Requests; each counts once, where it was answered, else where it was tried last.</summary>
    public long Requests { get; init; }

    /// <summary>Requests that nobody answered.</summary>
    public long FailedRequests { get; init; }

    /// <summary>Requests that their caller gave up.</summary>
    public long CancelledRequests { get; init; }

    /// <summary>Attempts, of which a request may have several.</summary>
    public long Attempts { get; init; }

    /// <summary>Attempts that failed.</summary>
    public long FailedAttempts { get; init; }

    /// <summary>Attempts whose price is unknown; <see cref="Cost"/> is without them.</summary>
    public long UnpricedAttempts { get; init; }

    /// <summary>Attempts whose usage is an estimate.</summary>
    public long EstimatedAttempts { get; init; }

    /// <summary>The tokens of all attempts, in buckets.</summary>
    public TokenUsage Usage { get; init; }

    /// <summary>What all attempts cost.</summary>
    public NanoUsd Cost { get; init; }

    /// <summary>What providers charged to callers' own keys, on top of the <see cref="Cost"/>; attempts with such a key whose price is unknown count nothing.</summary>
    public NanoUsd UpstreamCost { get; init; }

    /// <summary>The mean time from the beginning of an answering attempt to its end; <see langword="null"/> if none answered.</summary>
    public TimeSpan? MeanDuration { get; init; }

    /// <summary>The mean time from the beginning of an attempt to its first content; <see langword="null"/> if none had content.</summary>
    public TimeSpan? MeanTimeToFirstContent { get; init; }
}

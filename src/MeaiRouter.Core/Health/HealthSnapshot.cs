using MeaiRouter.Limits;

namespace MeaiRouter.Health;

/// <summary>An endpoint's health at one moment, for display and for strategies. Counts and percentiles are those of the last five minutes.</summary>
public sealed record HealthSnapshot
{
    /// <summary>Whether the breaker lets requests through.</summary>
    public BreakerState Breaker { get; init; }

    /// <summary>The class of <see cref="Uptime"/>.</summary>
    public UptimeClass UptimeClass { get; init; }

    /// <summary>
    /// The share of requests that were answered since the endpoint last recovered from an outage, 429s and faulty requests aside;
    /// <see langword="null"/> if too few were made.
    /// </summary>
    public double? Uptime { get; init; }

    /// <summary>The share of requests of the last half hour that were answered, 429s and faulty requests aside; <see langword="null"/> if there were none.</summary>
    public double? UptimeOfHalfHour { get; init; }

    /// <summary>How long until the endpoint is due again, because of its breaker or because all its keys rest; zero if it is available.</summary>
    public TimeSpan AvailableIn { get; init; }

    /// <summary>Attempts that have begun and not ended.</summary>
    public int InFlight { get; init; }

    /// <summary>Attempts that answered.</summary>
    public long Answered { get; init; }

    /// <summary>Attempts that failed in a way that counts against the endpoint; 429s and refusals of a known key aside.</summary>
    public long Failed { get; init; }

    /// <summary>Attempts refused with 429.</summary>
    public long RateLimited { get; init; }

    /// <summary>Seconds from the call to the first content of streamed answers; <see langword="null"/> if there were none.</summary>
    public Percentiles? TimeToFirstContent { get; init; }

    /// <summary>Output tokens per second of the whole call, the wait for the first content included; <see langword="null"/> if unknown.</summary>
    public Percentiles? Throughput { get; init; }

    /// <summary>Seconds from the call to the end of the answer; <see langword="null"/> if there were no answers.</summary>
    public Percentiles? Duration { get; init; }

    /// <summary>A running average of the seconds until the first content; <see langword="null"/> before the first answer.</summary>
    public double? AverageLatency { get; init; }

    /// <summary>
    /// The share of answers with tool calls, in the last two hours, all of whose calls could be read; <see langword="null"/> if there were none.
    /// </summary>
    public double? ToolCallValidity { get; init; }

    /// <summary>What the provider last said about its rate limits; <see langword="null"/> if nothing.</summary>
    public RateLimits? RateLimits { get; init; }

    /// <summary>The keys the endpoint is called with; empty where the provider's client chooses among them by itself.</summary>
    public IReadOnlyList<KeyHealth> Keys { get; init; } = [];
}

using MeaiRouter.Load;
using MeaiRouter.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace MeaiRouter.Configuration;

/// <summary>Reads what stands around the calls of a provider or an endpoint: the strategies of its pipeline, and its limit.</summary>
internal static class ResilienceReader
{
    // Polly's own limits.
    private const int LeastThroughput = 2;
    private static readonly TimeSpan ShortestBreak = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the section <c>Resilience</c>; <see langword="null"/> if there is none.</summary>
    public static ResilienceSettings? Read(SectionReader? section) => section is null ? null : new()
    {
        Timeout = Duration(section, "Timeout", ShortestTimeout),
        Retry = ReadRetry(section.Section("Retry")),
        CircuitBreaker = ReadCircuitBreaker(section.Section("CircuitBreaker")),
        Chaos = ReadChaos(section.Section("Chaos")),
    };

    /// <summary>Reads <c>MaxConcurrency</c> and <c>QueueLimit</c> of a provider; <see langword="null"/> if it has no limit.</summary>
    public static ConcurrencyLimit? ReadLimit(SectionReader section)
    {
        var concurrency = section.Number("MaxConcurrency", minimum: 1);
        var queue = section.Number("QueueLimit", minimum: 0);
        if (concurrency is { } limit)
            return new ConcurrencyLimit(limit, queue);

        if (queue is not null && !section.Has("MaxConcurrency"))
            section.Refuse("QueueLimit", "has no effect without MaxConcurrency. Set that as well.");
        return null;
    }

    private static RetryStrategyOptions? ReadRetry(SectionReader? section)
    {
        if (section is null)
            return null;

        // The first call included, as everywhere else.
        var calls = section.Number("MaxAttempts", minimum: 2) ?? 2;
        var defaults = new RetryStrategyOptions();
        return new RetryStrategyOptions
        {
            MaxRetryAttempts = calls - 1,
            Delay = section.Duration("Delay") ?? defaults.Delay,
            BackoffType = section.Choice<DelayBackoffType>("BackoffType") ?? DelayBackoffType.Exponential,
            UseJitter = section.Flag("UseJitter") ?? true,
            ShouldHandle = new PredicateBuilder<object>().HandleTransientFailures(),
        };
    }

    private static CircuitBreakerStrategyOptions? ReadCircuitBreaker(SectionReader? section)
    {
        if (section is null)
            return null;

        var defaults = new CircuitBreakerStrategyOptions();
        return new CircuitBreakerStrategyOptions
        {
            FailureRatio = section.Real("FailureRatio", 0, 1) ?? defaults.FailureRatio,
            MinimumThroughput = section.Number("MinimumThroughput", LeastThroughput) ?? defaults.MinimumThroughput,
            SamplingDuration = Duration(section, "SamplingDuration", ShortestBreak) ?? defaults.SamplingDuration,
            BreakDuration = Duration(section, "BreakDuration", ShortestBreak) ?? defaults.BreakDuration,
            ShouldHandle = new PredicateBuilder<object>().HandleEndpointFailures(),
        };
    }

    private static ChaosSettings? ReadChaos(SectionReader? section)
    {
        if (section is null)
            return null;

        var defaults = new ChaosSettings();
        return new ChaosSettings
        {
            FaultRate = section.Real("FaultRate", 0, 1) ?? 0,
            LatencyRate = section.Real("LatencyRate", 0, 1) ?? 0,
            Latency = section.Duration("Latency") ?? defaults.Latency,
            OutcomeRate = section.Real("OutcomeRate", 0, 1) ?? 0,
            Seed = section.Number("Seed", int.MinValue),
        };
    }

    private static TimeSpan? Duration(SectionReader section, string key, TimeSpan shortest)
    {
        var duration = section.Duration(key);
        if (duration < shortest)
            section.Refuse(key, $"must be at least {shortest.TotalMilliseconds:0} milliseconds.");
        return duration;
    }
}

using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace MeaiRouter.Resilience;

/// <summary>The strategies of an endpoint as configured. Those of an endpoint replace the same ones of its provider.</summary>
internal sealed record ResilienceSettings
{
    /// <summary>How long each call may take, for a stream until its first content.</summary>
    public TimeSpan? Timeout { get; init; }

    public RetryStrategyOptions? Retry { get; init; }

    public CircuitBreakerStrategyOptions? CircuitBreaker { get; init; }

    public ChaosSettings? Chaos { get; init; }

    public ResilienceSettings Within(ResilienceSettings? whole) => whole is null ? this : new()
    {
        Timeout = Timeout ?? whole.Timeout,
        Retry = Retry ?? whole.Retry,
        CircuitBreaker = CircuitBreaker ?? whole.CircuitBreaker,
        Chaos = Chaos ?? whole.Chaos,
    };

    /// <summary>Adds the strategies: a repetition passes the breaker again, each call has its own time, and chaos is taken for the provider's.</summary>
    public void AddTo(ResiliencePipelineBuilder builder)
    {
        if (Retry is not null)
            builder.AddRetry(Retry);
        if (CircuitBreaker is not null)
            builder.AddCircuitBreaker(CircuitBreaker);
        if (Timeout is { } timeout)
            builder.AddTimeout(timeout);
        Chaos?.AddTo(builder);
    }
}

using MeaiRouter.Attempts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace MeaiRouter.Resilience;

/// <summary>Reads what Polly's strategies throw, as <see cref="FailureClassifier"/> reads what clients throw.</summary>
internal static class PollyFailures
{
    public static RouterException Read(ExecutionRejectedException exception, string provider, string? endpoint)
    {
        var (message, retryAfter) = exception switch
        {
            TimeoutRejectedException timeout => ($"No answer within {timeout.Timeout.TotalSeconds:0.###} s, the timeout of the endpoint's resilience pipeline.", null),
            BrokenCircuitException broken => ($"The circuit breaker of the endpoint's resilience pipeline is open. {exception.Message}", broken.RetryAfter),
            _ => ($"The endpoint's resilience pipeline let no call through. {exception.Message}", default(TimeSpan?)),
        };
        return new RouterException(KindOf(exception), message, exception) { Provider = provider, Endpoint = endpoint, RetryAfter = retryAfter };
    }

    /// <summary>The kind of failure; <see langword="null"/> where somebody merely cancelled.</summary>
    public static FailureKind? KindOfAny(Exception exception) => exception switch
    {
        ExecutionRejectedException rejected => KindOf(rejected),
        OperationCanceledException { InnerException: not TimeoutException } => null,
        _ => FailureClassifier.Read(exception, "").Kind,
    };

    // Polly's rate limiter is in a package of its own; all we need of what it throws is that it derives from the same type.
    private static FailureKind KindOf(ExecutionRejectedException exception) => exception switch
    {
        TimeoutRejectedException => FailureKind.Timeout,
        BrokenCircuitException => FailureKind.CircuitOpen,
        _ => FailureKind.Saturated,
    };
}

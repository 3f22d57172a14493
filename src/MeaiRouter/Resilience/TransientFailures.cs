using MeaiRouter.Attempts;
using Polly;

namespace MeaiRouter.Resilience;

/// <summary>Tells Polly's strategies which failures of a call are their business.</summary>
public static class TransientFailures
{
    /// <summary>
    /// Handles failures that a second call at the same endpoint may well not have: an error of the server, a broken connection, a
    /// timeout, an answer that is empty, cut off or unreadable. Neither a wrong key or request nor a rate limit, which only waiting mends.
    /// </summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <param name="predicates">The predicates to add to.</param>
    /// <returns>The same predicates.</returns>
    public static PredicateBuilder<TResult> HandleTransientFailures<TResult>(this PredicateBuilder<TResult> predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        return predicates.Handle<Exception>(static exception => PollyFailures.KindOfAny(exception) is { } kind && IsTransient(kind));
    }

    /// <summary>Handles every failure that says something about the endpoint, rather than about the request or the caller.</summary>
    /// <typeparam name="TResult">The type of the results.</typeparam>
    /// <param name="predicates">The predicates to add to.</param>
    /// <returns>The same predicates.</returns>
    public static PredicateBuilder<TResult> HandleEndpointFailures<TResult>(this PredicateBuilder<TResult> predicates)
    {
        ArgumentNullException.ThrowIfNull(predicates);
        return predicates.Handle<Exception>(
            static exception => PollyFailures.KindOfAny(exception) is { } kind && kind.Consequences().CountsAgainstHealth);
    }

    private static bool IsTransient(FailureKind kind) => kind is
        FailureKind.Unknown or FailureKind.ServerError or FailureKind.ConnectionFailed or FailureKind.Unavailable or FailureKind.Overloaded or
        FailureKind.Timeout or FailureKind.Truncated or FailureKind.Incomplete or FailureKind.EmptyAnswer or FailureKind.MalformedAnswer;
}

using MeaiRouter.Attempts;
using MeaiRouter.Routing;

namespace MeaiRouter.Fallback;

/// <summary>Says as one exception what several attempts died of.</summary>
internal static class RequestFailure
{
    /// <summary>The failure of a request all of whose attempts failed in ways that another endpoint might have mended.</summary>
    public static RouterException From(IReadOnlyList<RouteAttempt> attempts, RoutePlan? plan)
    {
        var kinds = attempts.Select(attempt => attempt.Failure?.Kind).Distinct().ToList();
        var kind = kinds is [{ } same] ? same : FailureKind.Unavailable;
        return From(kind, attempts is [{ Failure: { } only }] ? only.Message : $"All {attempts.Count} attempts failed.", attempts, plan);
    }

    /// <summary>The failure of a request for one reason.</summary>
    public static RouterException From(FailureKind kind, string message, IReadOnlyList<RouteAttempt> attempts, RoutePlan? plan)
    {
        var only = attempts.Count == 1 ? attempts[0].Failure : null;
        return new RouterException(kind, attempts.Count == 1 ? Describe(attempts[0], message) : Describe(message, attempts), attempts is [.., var last] ? last.Failure : null)
        {
            Status = only?.Status,
            Provider = only?.Provider,
            Endpoint = only?.Endpoint,
            ProviderCode = only?.ProviderCode,
            RequestId = only?.RequestId,
            RetryAfter = SoonestRetry(attempts),
            Attempts = attempts,
            Route = plan,
        };
    }

    private static string Describe(RouteAttempt attempt, string message) => $"{NameOf(attempt)}: {message}";

    private static string Describe(string message, IReadOnlyList<RouteAttempt> attempts) =>
        message + string.Concat(attempts.Where(attempt => attempt.Failure is not null).Select(attempt =>
            $" {attempt.Index + 1}. {NameOf(attempt)}: {attempt.Failure!.Kind}{StatusOf(attempt)}, {attempt.Failure.Message}"));

    private static string NameOf(RouteAttempt attempt) => attempt.Endpoint?.ToString() ?? attempt.Provider;

    private static string StatusOf(RouteAttempt attempt) => attempt.Failure!.Status is { } status ? $" (HTTP {status})" : "";

    // OpenRouter: the soonest of the hints, and only if every attempt gave one.
    private static TimeSpan? SoonestRetry(IReadOnlyList<RouteAttempt> attempts) =>
        attempts.Count > 0 && attempts.All(attempt => attempt.Failure?.RetryAfter is not null)
            ? attempts.Min(attempt => attempt.Failure!.RetryAfter)
            : null;
}

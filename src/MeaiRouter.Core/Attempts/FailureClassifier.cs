using System.Net.Sockets;
using System.Text.Json;

namespace MeaiRouter.Attempts;

/// <summary>Reads what went wrong from whatever a client throws.</summary>
public static class FailureClassifier
{
    /// <summary>The kind of failure an HTTP status stands for.</summary>
    /// <param name="status">The status a provider answered with.</param>
    public static FailureKind FromStatus(int status) => status switch
    {
        401 => FailureKind.Unauthorized,
        402 => FailureKind.PaymentRequired,
        403 => FailureKind.PermissionDenied,
        404 => FailureKind.ModelNotFound,
        408 or 504 or 524 => FailureKind.Timeout,
        413 => FailureKind.RequestTooLarge,
        429 => FailureKind.RateLimited,
        502 or 503 => FailureKind.Unavailable,
        529 => FailureKind.Overloaded,
        >= 400 and < 500 => FailureKind.InvalidRequest,
        >= 500 => FailureKind.ServerError,
        _ => FailureKind.Unknown,
    };

    /// <summary>Reads an exception that a client threw although nobody cancelled.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="provider">The provider whose client threw it.</param>
    /// <param name="endpoint">The tag of the endpoint, if a router chose one.</param>
    /// <param name="time">The clock against which dates in <c>Retry-After</c> are read; default: the system's.</param>
    public static RouterException Read(Exception exception, string provider, string? endpoint = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(exception);

        if (KnownCause(exception) is { } known)
        {
            return new RouterException(known.Kind, known.Message, known)
            {
                Status = known.Status,
                Provider = known.Provider ?? provider,
                Endpoint = known.Endpoint ?? endpoint,
                ProviderCode = known.ProviderCode,
                RequestId = known.RequestId,
                RetryAfter = known.RetryAfter,
                ReportedUsage = known.ReportedUsage,
                BudgetRefusal = known.BudgetRefusal,
            };
        }

        var status = ForeignExceptions.Status(exception);
        var kind = status is > 0 ? FromStatus(status.Value) : KindOf(exception);
        return new RouterException(kind, exception.Message, exception)
        {
            Status = status is > 0 ? status : null,
            Provider = provider,
            Endpoint = endpoint,
            RetryAfter = ForeignExceptions.RetryAfter(exception, kind, (time ?? TimeProvider.System).GetUtcNow()),
        };
    }

    // A layer of others may have wrapped what a client of ours found out.
    private static RouterException? KnownCause(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is RouterException known)
                return known;
        }

        return null;
    }

    private static FailureKind KindOf(Exception exception) => exception switch
    {
        // Nobody of ours cancelled, so this is a client's own timeout in disguise.
        OperationCanceledException or TimeoutException => FailureKind.Timeout,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => FailureKind.Truncated,
        HttpIOException => FailureKind.Truncated,
        HttpRequestException or SocketException or IOException => FailureKind.ConnectionFailed,
        JsonException => FailureKind.MalformedAnswer,
        { InnerException: { } inner } => KindOf(inner),
        _ => FailureKind.Unknown,
    };
}

using System.Net.Sockets;
using System.Text.Json;
using MeaiRouter.Anthropic.Errors;
using MeaiRouter.Attempts;

namespace MeaiRouter.Anthropic.Transport;

/// <summary>What broke between here and the provider, whatever the SDK wrapped it in.</summary>
internal static class TransportFailures
{
    /// <summary>The failure an exception stands for.</summary>
    /// <param name="exception">What the SDK or the HTTP client threw.</param>
    /// <param name="errors">Who words the failure.</param>
    /// <param name="answerBegan">Whether the status line had come.</param>
    /// <param name="requestId">The provider's id of the request, once known.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>What to throw instead; <see langword="null"/> where the exception should pass as it is.</returns>
    public static Exception? Read(Exception exception, MessagesErrors errors, bool answerBegan, string? requestId, CancellationToken cancellationToken)
    {
        // A connection torn down by the caller's cancellation sometimes shows as a broken one.
        if (cancellationToken.IsCancellationRequested)
            return exception is OperationCanceledException ? null : new OperationCanceledException(exception.Message, exception, cancellationToken);

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RouterException known:
                    return known;

                // SocketsHttpHandler tells its connect timeout from HttpClient's own only by what the timeout was caused by.
                case OperationCanceledException { InnerException: TimeoutException { InnerException: not OperationCanceledException } }:
                    return Failure(FailureKind.ConnectionFailed, "No answer from {0}: the connection could not be made in time.");
                case OperationCanceledException or TimeoutException:
                    return Failure(FailureKind.Timeout, "The HTTP client gave up waiting for {0}.");
                case HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }:
                    return Failure(FailureKind.MalformedAnswer, "{0} answered with something that is not HTTP.");
                case IOException or SocketException when answerBegan:
                case HttpRequestException when answerBegan:
                    return Failure(FailureKind.Truncated, "The connection to {0} broke in the middle of its answer.");
                case HttpRequestException or IOException or SocketException:
                    return Failure(FailureKind.ConnectionFailed, "No answer from {0}: the connection failed.");
                case JsonException:
                    return Failure(FailureKind.MalformedAnswer, "{0} sent an answer that cannot be read as JSON.");
            }
        }

        // The SDK's own, such as for an event that it cannot read.
        return exception.GetType().Namespace?.StartsWith("Anthropic", StringComparison.Ordinal) == true
            ? Failure(FailureKind.MalformedAnswer, "{0} sent an answer that cannot be understood.")
            : null;

        RouterException Failure(FailureKind kind, string message) =>
            errors.Failure(kind, message.Replace("{0}", errors.Provider, StringComparison.Ordinal), exception, requestId);
    }
}

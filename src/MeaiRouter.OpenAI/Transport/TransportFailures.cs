using System.Net.Sockets;
using MeaiRouter.Attempts;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>What broke between here and the provider.</summary>
internal static class TransportFailures
{
    /// <summary>The failure an exception stands for.</summary>
    /// <param name="exception">What the HTTP client threw.</param>
    /// <param name="provider">The provider.</param>
    /// <param name="answerBegan">Whether the status line had come.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns>What to throw instead; <see langword="null"/> where the exception should pass as it is.</returns>
    public static Exception? Read(Exception exception, string provider, bool answerBegan, CancellationToken cancellationToken)
    {
        var isCancellation = exception is OperationCanceledException;
        if (!isCancellation && exception is not (HttpRequestException or IOException or SocketException))
            return null;

        // A connection torn down by the caller's cancellation sometimes shows as a broken one.
        if (cancellationToken.IsCancellationRequested)
            return isCancellation ? null : new OperationCanceledException(exception.Message, exception, cancellationToken);

        // SocketsHttpHandler tells its connect timeout from HttpClient's own only by what the timeout was caused by.
        if (exception.InnerException is TimeoutException { InnerException: not OperationCanceledException })
            return Failure(FailureKind.ConnectionFailed, "No answer from {0}: the connection could not be made in time.");
        if (isCancellation)
            return Failure(FailureKind.Timeout, "The HTTP client gave up waiting for {0}.");
        var error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError;
        if (error is HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded)
            return Failure(FailureKind.MalformedAnswer, "{0} answered with something that is not HTTP.");
        return answerBegan
            ? Failure(FailureKind.Truncated, "The connection to {0} broke in the middle of its answer.")
            : Failure(FailureKind.ConnectionFailed, "No answer from {0}: the connection failed.");

        RouterException Failure(FailureKind kind, string message) =>
            new(kind, message.Replace("{0}", provider, StringComparison.Ordinal), exception) { Provider = provider };
    }
}

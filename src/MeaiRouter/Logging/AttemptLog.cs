using System.Globalization;
using MeaiRouter.Attempts;
using MeaiRouter.Fallback;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Logging;

/// <summary>One line for each time a request turns to another endpoint. A provider's message may quote the request, so only kinds and statuses are logged.</summary>
internal static partial class AttemptLog
{
    public static void Write(ILogger logger, FailoverEventArgs turn)
    {
        var (from, to) = (turn.From, turn.To);
        if (to is null)
        {
            if (logger.IsEnabled(LogLevel.Error))
                Broke(logger, turn.RequestId, ModelOf(from), NameOf(from), FailureOf(from));
        }
        else if (turn.IsContinuation)
        {
            if (logger.IsEnabled(LogLevel.Warning))
                Continued(logger, turn.RequestId, ModelOf(from), NameOf(from), FailureOf(from), NameOf(to));
        }
        else if (from.Failure is null)
        {
            if (logger.IsEnabled(LogLevel.Information))
                Hedged(logger, turn.RequestId, ModelOf(to), NameOf(from), Milliseconds(to.StartedAt - from.StartedAt), NameOf(to));
        }
        else if (logger.IsEnabled(LogLevel.Warning))
        {
            FailedOver(logger, turn.RequestId, ModelOf(to), NameOf(from), FailureOf(from), NameOf(to), Milliseconds(to.StartedAt - from.StartedAt));
        }
    }

    [LoggerMessage(EventIds.FailedOver, LogLevel.Warning, "{RequestId}: {Model} at {From} failed with {Failure}; {To} is asked, {Wait} ms later.")]
    private static partial void FailedOver(ILogger logger, string requestId, string model, string from, string failure, string to, long wait);

    [LoggerMessage(EventIds.Hedged, LogLevel.Information, "{RequestId}: {Model} at {From} has shown nothing for {Wait} ms; {To} is asked beside it.")]
    private static partial void Hedged(ILogger logger, string requestId, string model, string from, long wait, string to);

    [LoggerMessage(EventIds.Continued, LogLevel.Warning, "{RequestId}: {Model} at {From} broke off in the middle of its answer with {Failure}; {To} is asked to go on.")]
    private static partial void Continued(ILogger logger, string requestId, string model, string from, string failure, string to);

    [LoggerMessage(EventIds.StreamBroke, LogLevel.Error, "{RequestId}: {Model} at {From} broke off in the middle of its answer with {Failure}, and nobody could go on; the caller has an error.")]
    private static partial void Broke(ILogger logger, string requestId, string model, string from, string failure);

    // The catalogue's id rather than what the caller wrote: that could forge a line.
    private static string ModelOf(RouteAttempt attempt) => attempt.Model?.Id ?? "the model";

    private static string NameOf(RouteAttempt attempt) => attempt.Endpoint?.ToString() ?? attempt.Provider;

    private static string FailureOf(RouteAttempt attempt) => attempt.Failure switch
    {
        null => "nothing",
        { Status: { } status } failure => string.Create(CultureInfo.InvariantCulture, $"{failure.Kind} (HTTP {status})"),
        var failure => failure.Kind.ToString(),
    };

    private static long Milliseconds(TimeSpan time) => (long)Math.Max(0, time.TotalMilliseconds);
}

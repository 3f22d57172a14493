using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Logging;

/// <summary>One line for each thing an operator may act on. Ids are never reused; nothing of the conversation is logged.</summary>
internal static partial class GatewayLog
{
    /// <summary>Tells of an answer for which more than one attempt was needed.</summary>
    public static void Answered(ILogger logger, RouteTrace? trace)
    {
        if (trace is not { Attempts.Count: > 1, Answer: { } answer } || !logger.IsEnabled(LogLevel.Warning))
            return;

        var failures = string.Join("; ", trace.Attempts.Where(attempt => attempt.Failure is not null).Select(Describe));
        FellBack(logger, trace.Id, OneLine(trace.RequestedModel), answer.Provider, trace.Attempts.Count, failures);
    }

    [LoggerMessage(1, LogLevel.Warning, "{Id}: {Model} was answered by {Provider} after {Attempts} attempts. {Failures}")]
    private static partial void FellBack(ILogger logger, string id, string? model, string provider, int attempts, string failures);

    [LoggerMessage(2, LogLevel.Error, "{Id}: failed with {Kind}, answered with {Status}. {Failures}")]
    private static partial void Failed(ILogger logger, string id, FailureKind kind, int status, string failures);

    [LoggerMessage(3, LogLevel.Error, "{Id}: the stream broke after content was delivered, with {Kind}. {Failures}")]
    private static partial void Broke(ILogger logger, string id, FailureKind kind, string failures);

    [LoggerMessage(4, LogLevel.Error, "{Id}: the gateway failed.")]
    public static partial void Crashed(ILogger logger, string id, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "No keys are configured: everybody who reaches this gateway can spend. Add MeaiRouter:Gateway:Keys.")]
    public static partial void Open(ILogger logger);

    public static void Failed(ILogger logger, string id, int status, RouterException failure) =>
        Failed(logger, id, failure.Kind, status, Describe(failure));

    public static void Broken(ILogger logger, string id, RouterException failure) => Broke(logger, id, failure.Kind, Describe(failure));

    [LoggerMessage(6, LogLevel.Warning, "The gateway listens at {Address} for everybody who reaches it, and no keys are configured. Add MeaiRouter:Gateway:Keys, or listen on loopback.")]
    public static partial void OpenToAll(ILogger logger, string address);

    [LoggerMessage(7, LogLevel.Warning, "The gateway listens at {Address} without TLS: keys and conversations can be read on the way. Use https, or a proxy that does.")]
    public static partial void Unencrypted(ILogger logger, string address);

    [LoggerMessage(8, LogLevel.Information, "Keys are kept in the ledger's database, but there is no management key, so none can be made or changed over HTTP. Set MeaiRouter:Gateway:AdminKey for that.")]
    public static partial void Unmanaged(ILogger logger);

    // Callers name models as they like; a line of the log must stay one.
    private static string? OneLine(string? text)
    {
        const int Longest = 200;
        if (text is null || (text.Length <= Longest && !text.Any(char.IsControl)))
            return text;
        return string.Concat(text.Take(Longest).Select(static character => char.IsControl(character) ? '?' : character));
    }

    // A provider's message may quote the request, so only kinds and statuses are logged.
    private static string Describe(RouterException failure) => failure.Attempts.Count == 0
        ? ""
        : string.Join("; ", failure.Attempts.Where(attempt => attempt.Failure is not null).Select(Describe));

    private static string Describe(RouteAttempt attempt) =>
        $"{attempt.Endpoint?.ToString() ?? attempt.Provider}: {attempt.Failure!.Kind}" + (attempt.Failure.Status is { } status ? $" (HTTP {status})" : "");
}

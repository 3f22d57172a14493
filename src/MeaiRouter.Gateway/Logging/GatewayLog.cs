using MeaiRouter.Attempts;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Logging;

/// <summary>One line for each thing an operator may act on. Ids are never reused; nothing of the conversation is logged.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(EventIds.RequestFailed, LogLevel.Error, "{Id}: failed with {Kind}, answered with {Status}. {Failures}")]
    private static partial void Failed(ILogger logger, string id, FailureKind kind, int status, string failures);

    [LoggerMessage(EventIds.GatewayFailed, LogLevel.Error, "{Id}: the gateway failed.")]
    public static partial void Crashed(ILogger logger, string id, Exception exception);

    [LoggerMessage(EventIds.NoKeys, LogLevel.Warning, "No keys are configured: everybody who reaches this gateway can spend. Add MeaiRouter:Gateway:Keys.")]
    public static partial void Open(ILogger logger);

    public static void Failed(ILogger logger, string id, int status, RouterException failure) =>
        Failed(logger, id, failure.Kind, status, Describe(failure));

    [LoggerMessage(EventIds.OpenToAll, LogLevel.Warning, "The gateway listens at {Address} for everybody who reaches it, and no keys are configured. Add MeaiRouter:Gateway:Keys, or listen on loopback.")]
    public static partial void OpenToAll(ILogger logger, string address);

    [LoggerMessage(EventIds.Unencrypted, LogLevel.Warning, "The gateway listens at {Address} without TLS: keys and conversations can be read on the way. Use https, or a proxy that does.")]
    public static partial void Unencrypted(ILogger logger, string address);

    [LoggerMessage(EventIds.MetricsOpen, LogLevel.Warning, "{Path} tells everybody who reaches {Address} of models, providers and spending. Remove MeaiRouter:Gateway:Metrics:RequireKey, or set it to true.")]
    public static partial void MetricsOpen(ILogger logger, string path, string address);

    [LoggerMessage(EventIds.NoManagementKey, LogLevel.Information, "Keys are kept in the ledger's database, but there is no management key, so none can be made or changed over HTTP. Set MeaiRouter:Gateway:AdminKey for that.")]
    public static partial void Unmanaged(ILogger logger);

    // A provider's message may quote the request, so only kinds and statuses are logged.
    private static string Describe(RouterException failure) => failure.Attempts.Count == 0
        ? ""
        : string.Join("; ", failure.Attempts.Where(attempt => attempt.Failure is not null).Select(Describe));

    private static string Describe(RouteAttempt attempt) =>
        $"{attempt.Endpoint?.ToString() ?? attempt.Provider}: {attempt.Failure!.Kind}" + (attempt.Failure.Status is { } status ? $" (HTTP {status})" : "");
}

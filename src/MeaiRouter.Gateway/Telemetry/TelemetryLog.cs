using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>What an operator may want to know of telemetry itself.</summary>
internal static partial class TelemetryLog
{
    // Not where to: an address may hold a user and a password.
    [LoggerMessage(EventIds.Exporting, LogLevel.Information, "{Signals} are exported by OTLP, as OTEL_EXPORTER_OTLP_ENDPOINT and its like say.")]
    public static partial void Exporting(ILogger logger, string signals);
}

using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>The standard variables of one signal (OpenTelemetry specification, OTLP exporter configuration), from the environment or any other configuration.</summary>
internal sealed class OtlpVariables(IConfiguration configuration, string signal)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";

    /// <summary>Whether the signal is to be exported: somebody has said where to, and nobody has said not to.</summary>
    public bool AreSet =>
        !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
        && !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
        && (Text(Prefix + "ENDPOINT") ?? Own("ENDPOINT")) is not null;

    /// <summary>Puts the signal's own variables over those of all signals, which the exporter reads by itself. Its own address is taken as it is, without a path added.</summary>
    public void ApplyTo(OtlpExporterOptions options)
    {
        if (Own("PROTOCOL") is { } protocol)
            options.Protocol = protocol == "http/protobuf" ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (Own("HEADERS") is { } headers)
            options.Headers = headers;
        if (int.TryParse(Own("TIMEOUT"), out var timeout))
            options.TimeoutMilliseconds = timeout;
        if (Uri.TryCreate(Own("ENDPOINT"), UriKind.Absolute, out var endpoint))
            options.Endpoint = endpoint;
    }

    private string? Own(string name) => Text($"{Prefix}{signal}_{name}");

    private string? Text(string name) => configuration[name] is { Length: > 0 } text ? text : null;
}

using System.Net;
using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>Answers <c>/metrics</c> in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsEndpoint(GatewayTelemetry telemetry, MetricsSettings settings)
{
    /// <summary>Which key a request needs.</summary>
    public Access AccessOf(HttpContext http) => (settings.RequireKey ?? !IsOfThisMachine(http)) ? Access.Management : Access.Anyone;

    public Task WriteAsync(HttpContext http, Caller caller)
    {
        http.Response.ContentType = PrometheusExporter.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(telemetry.Scrape(), http.RequestAborted).AsTask();
    }

    // A proxy on this machine calls from loopback too, for whoever called it: it says so in a header, or passes on the host that was asked for.
    private static bool IsOfThisMachine(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && (http.Request.Host.Host is "localhost" || (IPAddress.TryParse(http.Request.Host.Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host)))
        && !http.Request.Headers.Keys.Any(static name =>
            name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.Equals("Via", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase));
}

using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>Answers <c>/metrics</c> in the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsEndpoint(GatewayTelemetry telemetry, GatewayKeys keys)
{
    /// <summary>Which key a request needs. Where it comes from says nothing: behind a proxy on this machine everybody comes from loopback.</summary>
    public Access AccessBy(MetricsSettings settings) => (settings.RequireKey ?? !keys.AreOpen) ? Access.Management : Access.Anyone;

    public Task WriteAsync(HttpContext http, Caller caller)
    {
        http.Response.ContentType = PrometheusExporter.ContentType;
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(telemetry.Scrape(), http.RequestAborted).AsTask();
    }
}

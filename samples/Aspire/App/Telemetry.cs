using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Samples.Aspire.App;

/// <summary>Sends traces and metrics to the dashboard, whose address the app host puts into the environment.</summary>
/// <remarks>
/// By the SDK alone. An app with Aspire's ServiceDefaults has <c>AddOpenTelemetry()</c> of OpenTelemetry.Extensions.Hosting instead and needs none of this: there
/// <c>AddMeaiRouter</c> adds itself.
/// </remarks>
internal static class Telemetry
{
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        services.AddHostedService(_ => new Exporting(OpenTelemetrySdk.Create(telemetry =>
        {
            // What AddMeaiRouter said about traces and metrics stands among the services of the app.
            foreach (var service in services)
                telemetry.Services.Add(service);
            telemetry
                .WithTracing(tracing => tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http"))
                .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "System.Net.Http"))
                .UseOtlpExporter();
        })));
    }

    private sealed class Exporting(OpenTelemetrySdk sdk) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;

        public override void Dispose()
        {
            sdk.Dispose();
            base.Dispose();
        }
    }
}

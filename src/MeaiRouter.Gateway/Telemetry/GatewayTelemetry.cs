using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>Exports traces and metrics by OTLP where the standard variables say where to, and collects what <c>/metrics</c> serves.</summary>
/// <remarks>An app with a provider of OpenTelemetry's own exports by itself: for that signal nothing is exported here, so that nothing is twice.</remarks>
internal sealed class GatewayTelemetry : IHostedLifecycleService, IDisposable
{
    private const string DefaultServiceName = "meairouter-gateway";

    // Together less than an orchestrator waits before it kills.
    private const int FlushMilliseconds = 5_000;

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http"];
    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    private readonly IConfiguration _configuration;
    private readonly ILogger<GatewayTelemetry> _logger;
    private readonly bool _exportsTraces;
    private readonly bool _exportsMetrics;
    private readonly PrometheusExporter? _prometheus;
    private readonly BaseExportingMetricReader? _reader;
    private readonly Lock _scraping = new();
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public GatewayTelemetry(IConfiguration configuration, IServiceProvider services, MetricsSettings settings, ILogger<GatewayTelemetry> logger)
    {
        (_configuration, _logger) = (configuration, logger);
        var known = services.GetRequiredService<IServiceProviderIsService>();
        _exportsTraces = new OtlpVariables(configuration, "TRACES").AreSet && !known.IsService(typeof(TracerProvider));
        _exportsMetrics = new OtlpVariables(configuration, "METRICS").AreSet && !known.IsService(typeof(MeterProvider));
        if (settings.Enabled)
            _reader = new BaseExportingMetricReader(_prometheus = new PrometheusExporter()) { TemporalityPreference = MetricReaderTemporalityPreference.Cumulative };
    }

    /// <summary>What there is to measure now, as Prometheus reads it.</summary>
    public byte[] Scrape()
    {
        lock (_scraping)
        {
            _reader?.Collect();
            return _prometheus?.Latest ?? [];
        }
    }

    // Before anything that could be measured happens.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (_exportsTraces)
            _traces = BuildTraces();
        if (_exportsMetrics || _reader is not null)
            _metrics = BuildMetrics();
        if (_exportsTraces || _exportsMetrics)
            TelemetryLog.Exporting(_logger, (_exportsTraces, _exportsMetrics) switch { (true, true) => "Traces and metrics", (true, false) => "Traces", _ => "Metrics" });
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // After the server has let calls under way finish: their spans are the ones that matter.
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FlushMilliseconds), CancellationToken.None), Task.Run(() => _metrics?.Shutdown(FlushMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private TracerProvider BuildTraces() => Sdk.CreateTracerProviderBuilder()
        .ConfigureServices(services => services.AddSingleton(_configuration))
        .ConfigureResource(Describe)
        .AddMeaiRouterInstrumentation()
        .AddSource(Sources)
        .AddOtlpExporter(new OtlpVariables(_configuration, "TRACES").ApplyTo)
        .Build();

    private MeterProvider BuildMetrics()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(_configuration))
            .ConfigureResource(Describe)
            .AddMeaiRouterInstrumentation()
            .AddMeter(Meters);
        if (_reader is not null)
            builder.AddReader(_reader);
        if (_exportsMetrics)
            builder.AddOtlpExporter(new OtlpVariables(_configuration, "METRICS").ApplyTo);
        return builder.Build();
    }

    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, which come later, win.
    private static void Describe(ResourceBuilder resource) => resource
        .AddService(DefaultServiceName, serviceVersion: typeof(GatewayTelemetry).Assembly.GetName().Version?.ToString(3))
        .AddEnvironmentVariableDetector();
}

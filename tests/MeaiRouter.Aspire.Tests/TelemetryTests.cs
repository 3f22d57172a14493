using System.Diagnostics;
using MeaiRouter.Diagnostics;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MeaiRouter.Aspire.Tests;

/// <summary>What an app that has OpenTelemetry and health checks sees of its router, without a word about it but <c>AddMeaiRouter</c>.</summary>
public sealed class TelemetryTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Traces_and_metrics_are_in_the_apps_own_unless_switched_off(bool withoutTraces, bool withoutMetrics)
    {
        await using var provider = await ScriptedProvider.StartAsync("acme");
        provider.ForModel("small").Always(Reply.Text("Hi"));
        var builder = App.With(
            $$"""{ "Aspire": { "MeaiRouter": { "DisableTracing": {{(withoutTraces ? "true" : "false")}}, "chat": { "DisableMetrics": {{(withoutMetrics ? "true" : "false")}} } } } }""",
            ("chat", $"Endpoint={provider.BaseUrl};Model=small"));
        builder.AddMeaiRouter("chat");
        var spans = new Spans(provider.BaseUrl.Port);
        using var meters = new Meters();
        using var reader = new BaseExportingMetricReader(meters);
        using var sdk = OpenTelemetrySdk.Create(telemetry =>
        {
            foreach (var service in builder.Services)
                telemetry.Services.Add(service);
            telemetry.WithTracing(tracing => tracing.AddProcessor(spans)).WithMetrics(metrics => metrics.AddReader(reader));
        });

        using var app = builder.Build();
        await app.Services.GetRequiredService<IChatClient>().GetResponseAsync("Hello");
        reader.Collect();

        Assert.Equal(!withoutTraces, spans.Seen);
        Assert.Equal(!withoutMetrics, meters.Seen.Contains(TelemetryNames.Meter));
    }

    [Fact]
    public async Task Each_router_has_a_health_check_of_its_own_unless_switched_off()
    {
        var builder = App.With(
            """{ "Aspire": { "MeaiRouter": { "third": { "DisableHealthChecks": true } } } }""",
            ("first", "Endpoint=http://localhost:5001/v1;Model=a"), ("second", "Endpoint=http://localhost:5001/v1;Model=b"), ("third", "Endpoint=http://localhost:5001/v1;Model=c"));
        builder.AddMeaiRouter("first");
        builder.AddKeyedMeaiRouter("second");
        builder.AddKeyedMeaiRouter("third");
        builder.Services.AddHealthChecks().AddMeaiRouter();
        using var app = builder.Build();
        await app.StartAsync();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        Assert.Equal(["meairouter", "meairouter-first", "meairouter-second"], report.Entries.Keys.Order());
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
    }

    /// <summary>Whether a span of the router's was seen that belongs to this test's provider: others run at the same time.</summary>
    private sealed class Spans(int port) : BaseProcessor<Activity>
    {
        private volatile bool _seen;

        public bool Seen => _seen;

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name == TelemetryNames.ActivitySource && data.TagObjects.Any(tag => tag is { Key: "server.port", Value: int value } && value == port))
                _seen = true;
        }
    }

    /// <summary>The meters that anything was measured by.</summary>
    private sealed class Meters : BaseExporter<Metric>
    {
        public HashSet<string> Seen { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                Seen.Add(metric.MeterName);
            return ExportResult.Success;
        }
    }
}

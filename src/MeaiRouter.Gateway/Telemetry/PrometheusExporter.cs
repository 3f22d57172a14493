using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>Writes what a reader collects as Prometheus reads it: the text format, version 0.0.4, with the names of OpenTelemetry's rules for Prometheus.</summary>
/// <remarks>
/// Counters end in <c>_total</c>, units are in names, what goes up and down is a gauge, histograms are cumulative, the resource is <c>target_info</c>, and the meter is the
/// label <c>otel_scope_name</c>. Exemplars are a matter of OpenMetrics and are left out, as are exponential histograms, for which the text has no form.
/// </remarks>
internal sealed class PrometheusExporter : BaseExporter<Metric>
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>What was collected last.</summary>
    public byte[] Latest { get; private set; } = [];

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new Dictionary<string, Family>(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            if (PrometheusNames.TypeOf(metric.MetricType) is not { } type)
                continue;

            // Two meters may have the same name; a family is written once, with one type.
            var name = PrometheusNames.Of(metric.Name, metric.Unit, metric.MetricType);
            if (!families.TryGetValue(name, out var family))
                families.Add(name, family = new Family(type, metric.Description));
            if (family.Type == type)
                family.Metrics.Add(metric);
        }

        var text = new StringBuilder();
        WriteTarget(text);
        foreach (var (name, family) in families)
        {
            PrometheusText.WriteHead(text, name, family.Type, family.Description);
            foreach (var metric in family.Metrics)
                PrometheusText.WriteSamples(text, name, metric);
        }

        Latest = Encoding.UTF8.GetBytes(text.ToString());
        return ExportResult.Success;
    }

    private void WriteTarget(StringBuilder text)
    {
        PrometheusText.WriteHead(text, "target_info", "gauge", "What is measured");
        var labels = new PrometheusLabels();
        foreach (var (key, value) in ParentProvider.GetResource().Attributes)
            labels.Add(key, value);
        PrometheusText.WriteSample(text, "target_info", labels.ToString(), 1);
    }

    private sealed record Family(string Type, string Description)
    {
        public List<Metric> Metrics { get; } = [];
    }
}

using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>The lines of the text format.</summary>
internal static class PrometheusText
{
    public static void WriteHead(StringBuilder text, string name, string type, string? description)
    {
        if (!string.IsNullOrEmpty(description))
            text.Append("# HELP ").Append(name).Append(' ').Append(description.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    public static void WriteSamples(StringBuilder text, string name, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = new PrometheusLabels();
            labels.Add("otel_scope_name", metric.MeterName);
            foreach (var (key, value) in point.Tags)
                labels.Add(key, value);

            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    WriteSample(text, name, labels.ToString(), point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    WriteSample(text, name, labels.ToString(), point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    WriteSample(text, name, labels.ToString(), point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    WriteSample(text, name, labels.ToString(), point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    WriteHistogram(text, name, labels, point);
                    break;
            }
        }
    }

    public static void WriteSample(StringBuilder text, string name, string labels, double value) => Write(text, name, labels, Number(value));

    private static void WriteSample(StringBuilder text, string name, string labels, long value) => Write(text, name, labels, value.ToString(CultureInfo.InvariantCulture));

    private static void WriteHistogram(StringBuilder text, string name, PrometheusLabels labels, in MetricPoint point)
    {
        long upTo = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            upTo += bucket.BucketCount;
            WriteSample(text, name + "_bucket", labels.With(Number(bucket.ExplicitBound)), upTo);
        }

        WriteSample(text, name + "_sum", labels.ToString(), point.GetHistogramSum());
        WriteSample(text, name + "_count", labels.ToString(), point.GetHistogramCount());
    }

    private static void Write(StringBuilder text, string name, string labels, string value) =>
        text.Append(name).Append(labels).Append(' ').Append(value).Append('\n');

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}

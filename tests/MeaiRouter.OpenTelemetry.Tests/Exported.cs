using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace MeaiRouter.OpenTelemetry.Tests;

/// <summary>What the SDK exports of everything that happens while this lives.</summary>
internal sealed class Exported : IDisposable
{
    private readonly SpanExporter _spans = new();
    private readonly PointExporter _points = new();
    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    public Exported(params string[] otherSources)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .AddMeaiRouterInstrumentation()
            .AddSource(otherSources)
            .AddProcessor(new SimpleActivityExportProcessor(_spans))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeaiRouterInstrumentation()
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddReader(new BaseExportingMetricReader(_points))
            .Build();
    }

    /// <summary>The spans, in the order in which they began.</summary>
    public IReadOnlyList<Activity> Spans
    {
        get
        {
            lock (_spans)
                return [.. _spans.All.OrderBy(static span => span.StartTimeUtc)];
        }
    }

    /// <summary>The one span of the library around others.</summary>
    public Activity Request => Assert.Single(Spans, static span => span.Kind == ActivityKind.Internal);

    public IReadOnlyList<Activity> Attempts => [.. Spans.Where(static span => span.Kind == ActivityKind.Client && span.Source.Name == "MeaiRouter")];

    /// <summary>Every point of every metric, as of now.</summary>
    public IReadOnlyList<Point> Points()
    {
        Assert.True(_metrics.ForceFlush());
        return [.. _points.Latest.OrderBy(static point => point.ToString(), StringComparer.Ordinal)];
    }

    /// <summary>The points of one instrument, as text.</summary>
    public string[] Points(string name) => [.. Points().Where(point => point.Name == name).Select(static point => point.ToString())];

    /// <summary>Everything that leaves the process, as text.</summary>
    public string Everything() => string.Join('\n',
    [
        .. Spans.Select(static span => $"{span.DisplayName} {span.Source.Name} {span.StatusDescription} {span.TraceStateString} "
            + $"{string.Join(' ', span.Baggage)} {string.Join(' ', span.Told())} {string.Join(' ', span.Happened())}"),
        .. Points().Select(static point => point.ToString()),
    ]);

    public void Dispose()
    {
        _traces.Dispose();
        _metrics.Dispose();
    }

    private sealed class SpanExporter : BaseExporter<Activity>
    {
        public List<Activity> All { get; } = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            lock (this)
            {
                foreach (var span in batch)
                    All.Add(span);
            }

            return ExportResult.Success;
        }
    }

    private sealed class PointExporter : BaseExporter<Metric>
    {
        public List<Point> Latest { get; private set; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            var points = new List<Point>();
            foreach (var metric in batch)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                    points.Add(Read(metric, point));
            }

            Latest = points;
            return ExportResult.Success;
        }

        private static Point Read(Metric metric, in MetricPoint point)
        {
            var tags = new List<string>();
            foreach (var tag in point.Tags)
                tags.Add($"{tag.Key}={tag.Value}");
            tags.Sort(StringComparer.Ordinal);

            var bounds = new List<double>();
            if (metric.MetricType == MetricType.Histogram)
            {
                foreach (var bucket in point.GetHistogramBuckets())
                    bounds.Add(bucket.ExplicitBound);
            }

            var spans = new List<ActivitySpanId>();
            if (point.TryGetExemplars(out var exemplars))
            {
                foreach (ref readonly var exemplar in exemplars)
                    spans.Add(exemplar.SpanId);
            }

            var value = metric.MetricType switch
            {
                MetricType.LongSum => point.GetSumLong(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                MetricType.Histogram => point.GetHistogramCount(),
                var other => throw new NotSupportedException($"{metric.Name} is a {other}."),
            };
            return new Point(metric.Name, metric.Unit, string.Join(' ', tags), value, [.. bounds], [.. spans]);
        }
    }
}

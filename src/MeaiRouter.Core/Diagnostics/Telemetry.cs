using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MeaiRouter.Diagnostics;

/// <summary>The source and the meter of the library, and what its rooms need to use them. Where nobody listens, nothing is made.</summary>
internal static class Telemetry
{
    // The conventions' buckets for durations of generative AI, in seconds.
    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    public static ActivitySource Source { get; } = new(TelemetryNames.ActivitySource);

    public static Meter Meter { get; } = new(TelemetryNames.Meter);

    /// <summary>A histogram of seconds with the conventions' buckets.</summary>
    public static Histogram<double> CreateDuration(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    /// <summary>Starts an activity under the current one, which stays current.</summary>
    public static Activity? StartBeside(string name, ActivityKind kind, in TagList tags)
    {
        var current = Activity.Current;
        try
        {
            return Source.StartActivity(kind, parentContext: default, tags, name: name);
        }
        finally
        {
            Activity.Current = current;
        }
    }

    /// <summary>Stops an activity; the current one stays current.</summary>
    public static void StopBeside(Activity activity)
    {
        var current = Activity.Current;
        activity.Stop();
        Activity.Current = ReferenceEquals(current, activity) ? activity.Parent : current;
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Load;

/// <summary>Tells how many attempts wait in line.</summary>
internal static class LoadMetrics
{
    private static readonly ObservableGauge<int> Waiting =
        Telemetry.Meter.CreateObservableGauge(TelemetryNames.QueueWaiting, Read, "{attempt}", "Attempts that wait for room at an endpoint or a provider with a limit.");

    /// <summary>The boards whose lines are observed.</summary>
    public static ObservedSet<LoadBoard> Boards { get; } = new();

    // While requests of a configuration before run, its board and the one in force know the same gates.
    private static IEnumerable<Measurement<int>> Read() => Boards.Living()
        .SelectMany(static board => board.Gates())
        .DistinctBy(static line => line.Gate)
        .GroupBy(static line => (line.Model, line.Provider, line.Endpoint), static line => line.Gate.Waiting)
        .Select(static same => new Measurement<int>(same.Sum(), TagsOf(same.Key)));

    private static TagList TagsOf((string? Model, string? Provider, string? Endpoint) line)
    {
        var tags = new TagList();
        if (line.Model is not null)
            tags.Add(TelemetryNames.Model, line.Model);
        if (line.Provider is not null)
            tags.Add(TelemetryNames.Provider, ConventionalNames.Of(line.Provider));
        if (line.Endpoint is not null)
            tags.Add(TelemetryNames.Endpoint, line.Endpoint);
        return tags;
    }
}

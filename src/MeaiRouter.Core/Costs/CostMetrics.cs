using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeaiRouter.Attempts;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Costs;

/// <summary>Counts what attempts cost. Without a listener it costs nothing.</summary>
internal static class CostMetrics
{
    private static readonly Counter<long> Cost =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.Cost, "{nano_usd}", "What attempts cost, in nano-dollars.");

    private static readonly Counter<long> Unpriced =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.UnpricedAttempts, "{attempt}", "Attempts that may have cost something but have no price.");

    public static void Count(RouteAttempt attempt)
    {
        using var current = new CurrentActivity(attempt.Activity);
        if (attempt.Cost is { } cost)
        {
            if (Cost.Enabled)
                Cost.Add(cost.Value, TagsOf(attempt, attempt.Price is null && attempt.ReportedCost is not null ? "provider" : "local"));
        }
        else if (Unpriced.Enabled)
        {
            Unpriced.Add(1, TagsOf(attempt, source: null));
        }
    }

    private static TagList TagsOf(RouteAttempt attempt, string? source)
    {
        var tags = AttemptTelemetry.TagsOf(attempt);
        tags.Add(TelemetryNames.Outcome, AttemptTelemetry.NameOf(attempt.Outcome));
        if (source is not null)
            tags.Add(TelemetryNames.CostSource, source);
        return tags;
    }
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeaiRouter.Diagnostics;
using MeaiRouter.Routing;

namespace MeaiRouter.Caching;

/// <summary>Counts what the response cache had for requests.</summary>
internal static class CacheMetrics
{
    private static readonly Counter<long> Requests =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.CacheRequests, "{request}", "Requests, by what the response cache had for them.");

    public static void Miss() => Count("miss");

    public static void Hit(RouteContext context, bool isCoalesced)
    {
        var result = isCoalesced ? "coalesced" : "hit";
        Count(result);
        context.Activity?.AddEvent(new ActivityEvent(TelemetryNames.CacheHit, tags: new() { [TelemetryNames.CacheResult] = result }));
    }

    private static void Count(string result)
    {
        if (Requests.Enabled)
            Requests.Add(1, new KeyValuePair<string, object?>(TelemetryNames.CacheResult, result));
    }
}

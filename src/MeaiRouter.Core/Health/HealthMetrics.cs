using System.Diagnostics;
using System.Diagnostics.Metrics;
using MeaiRouter.Diagnostics;

namespace MeaiRouter.Health;

/// <summary>Tells how the endpoints are that were called.</summary>
internal static class HealthMetrics
{
    private const int Down = 0;
    private const int Degraded = 1;
    private const int Well = 2;

    private static readonly ObservableGauge<int> State =
        Telemetry.Meter.CreateObservableGauge(TelemetryNames.EndpointHealth, Read, unit: null, "Endpoints that were called: 2 well, 1 degraded or on probation, 0 down or at rest.");

    /// <summary>The boards whose endpoints are observed.</summary>
    public static ObservedSet<HealthBoard> Boards { get; } = new();

    // Of two routers in one process that know an endpoint by the same names, the worse opinion is told.
    private static IEnumerable<Measurement<int>> Read() => Boards.Living()
        .SelectMany(static board => board.Called())
        .GroupBy(static called => (called.Model, called.Endpoint.Provider, called.Endpoint.Tag), static called => StateOf(called.Health))
        .Select(static same => new Measurement<int>(same.Min(), new TagList
        {
            { TelemetryNames.Model, same.Key.Model },
            { TelemetryNames.Provider, ConventionalNames.Of(same.Key.Provider) },
            { TelemetryNames.Endpoint, same.Key.Tag },
        }));

    private static int StateOf(EndpointHealth health)
    {
        if (!health.MayBeTroubled)
            return Well;
        if (health.AvailableIn > TimeSpan.Zero || health.Breaker == BreakerState.Open || health.Uptime == UptimeClass.Down)
            return Down;
        return health.Breaker == BreakerState.HalfOpen || health.Uptime == UptimeClass.Degraded ? Degraded : Well;
    }
}

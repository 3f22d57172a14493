using MeaiRouter.Diagnostics;

namespace OpenTelemetry.Metrics;

/// <summary>Adds MeaiRouter's metrics.</summary>
public static class MeaiRouterMeterProviderBuilderExtensions
{
    /// <summary>Measures requests, attempts, tokens, cost, failovers, hedges, caches, budgets, queues, the health of endpoints and the lag of ledgers.</summary>
    /// <remarks>The histograms bring the buckets of the conventions along; a view of your own still wins.</remarks>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static MeterProviderBuilder AddMeaiRouterInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(TelemetryNames.Meter);
    }
}

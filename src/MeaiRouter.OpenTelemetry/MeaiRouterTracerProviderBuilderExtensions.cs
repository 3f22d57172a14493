using MeaiRouter.Diagnostics;

namespace OpenTelemetry.Trace;

/// <summary>Adds MeaiRouter's traces.</summary>
public static class MeaiRouterTracerProviderBuilderExtensions
{
    /// <summary>Records a span for each request to a router, and within it one for each attempt at a provider.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The same builder.</returns>
    public static TracerProviderBuilder AddMeaiRouterInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(TelemetryNames.ActivitySource);
    }
}

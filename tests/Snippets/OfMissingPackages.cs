using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What snippets show of OpenTelemetry.Extensions.Hosting, by its public shape: some feeds lack the package.</summary>
internal sealed class OpenTelemetryBuilder(IServiceCollection services)
{
    public IServiceCollection Services { get; } = services;

    public OpenTelemetryBuilder WithTracing(Action<TracerProviderBuilder> configure) => Given(configure);

    public OpenTelemetryBuilder WithMetrics(Action<MeterProviderBuilder> configure) => Given(configure);

    private OpenTelemetryBuilder Given(Delegate configure) => configure.Target is null ? this : throw new NotSupportedException();
}

internal static class OfMissingPackages
{
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services) => new(services);
}

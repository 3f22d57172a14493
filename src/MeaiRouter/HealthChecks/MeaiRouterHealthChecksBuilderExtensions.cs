using MeaiRouter.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of routers.</summary>
public static class MeaiRouterHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of whether the models of a router can be called.</summary>
    /// <remarks>
    /// <para>
    /// <see cref="HealthStatus.Healthy"/>: nothing rests. <see cref="HealthStatus.Degraded"/>: some endpoints or models rest, or a changed configuration could
    /// not be used; requests are served, and a probe should not take the app away. The failure status: every endpoint of every model rests.
    /// An endpoint rests while its breaker is open, or while all its keys are refused or out of quota; one whose rest is over counts as callable.
    /// </para>
    /// <para>
    /// It judges by the calls that were made anyway and never calls a provider, so it costs nothing and burns no rate limit. The description names what rests,
    /// since when and why; the data holds <c>models</c>, <c>models_resting</c>, <c>endpoints</c> and <c>endpoints_resting</c> as numbers and a text for
    /// each endpoint that rests. Neither holds a key or anything of a conversation.
    /// </para>
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Default: <c>meairouter</c>.</param>
    /// <param name="serviceKey">The key the router is registered under; <see langword="null"/> for none.</param>
    /// <param name="failureStatus">What is reported when no model can be called; <see langword="null"/> for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check, by which endpoints choose; <see langword="null"/> for none.</param>
    /// <param name="timeout">How long the check may take; <see langword="null"/> for as long as it likes, which is microseconds.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddMeaiRouter(
        this IHealthChecksBuilder builder, string name = "meairouter", object? serviceKey = null, HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        return builder.Add(new HealthCheckRegistration(name, services => new RouterHealthCheck(services, serviceKey), failureStatus, tags, timeout));
    }
}

using MeaiRouter.Configuration;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Models;
using MeaiRouter.Gateway.Routes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the gateway.</summary>
public static class MeaiRouterGatewayServiceCollectionExtensions
{
    /// <summary>Registers the pipeline, as <c>AddMeaiRouter</c> does, and what <c>MapMeaiRouter</c> needs to serve it over HTTP.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The root of the configuration, whose section <c>MeaiRouter</c> is read, or that section itself.</param>
    /// <returns>A builder with which to add providers and layers in code.</returns>
    /// <exception cref="MeaiRouterConfigurationException">The configuration cannot be used; the exception holds everything that is wrong.</exception>
    public static MeaiRouterBuilder AddMeaiRouterGateway(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var errors = new ConfigurationErrors();
        var keys = GatewayConfiguration.Read(configuration, errors);
        MeaiRouterBuilder? builder = null;
        errors.Include(() => builder = services.AddMeaiRouter(configuration));
        errors.ThrowIfAny();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(keys);
        services.AddSingleton<GatewayRequest>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<RoutePlanEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        return builder!;
    }
}

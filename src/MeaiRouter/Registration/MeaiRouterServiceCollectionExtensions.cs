using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Registration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a router from configuration.</summary>
public static class MeaiRouterServiceCollectionExtensions
{
    /// <summary>Registers one <see cref="IChatClient"/> that routes, falls back, normalizes and prices as configured.</summary>
    /// <inheritdoc cref="AddKeyedMeaiRouter(IServiceCollection, object?, IConfiguration)"/>
    public static MeaiRouterBuilder AddMeaiRouter(this IServiceCollection services, IConfiguration configuration) =>
        services.AddKeyedMeaiRouter(serviceKey: null, configuration);

    /// <summary>Registers, under a key, one <see cref="IChatClient"/> that routes, falls back, normalizes and prices as configured.</summary>
    /// <remarks>
    /// <para>
    /// The configuration is read and validated at once, and later changes to it are not seen. An endpoint that names an unknown provider is found
    /// when the pipeline is built, which is when the host starts, because a provider may still be added in code.
    /// </para>
    /// <para>
    /// Also registered: the <see cref="ModelCatalog"/>, under the same key, and, unless there is one already, an <see cref="ILedger"/> in memory, which
    /// all routers share. With budgets in the configuration also the <see cref="BudgetBook"/>, under the same key, whose accounts are in the
    /// <see cref="IBudgetStore"/> of the services, or else in this process. The providers' own clients are not registered: nothing can pass by the router.
    /// </para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> for none.</param>
    /// <param name="configuration">The root of the configuration, whose section <c>MeaiRouter</c> is read, or that section itself.</param>
    /// <returns>A builder with which to add providers and layers in code.</returns>
    /// <exception cref="MeaiRouterConfigurationException">The configuration cannot be used; the exception holds everything that is wrong.</exception>
    public static MeaiRouterBuilder AddKeyedMeaiRouter(this IServiceCollection services, object? serviceKey, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var settings = RouterConfiguration.Read(configuration, Environment.GetEnvironmentVariable);
        var providers = new ProviderClients(settings);

        services.TryAddSingleton<ILedger, InMemoryLedger>();
        services.AddKeyedSingleton(serviceKey, settings.Catalog);
        if (settings.Budgets.Count > 0)
            services.AddKeyedSingleton(serviceKey, (provider, _) => new BudgetBook(settings.Budgets, null, provider.GetService<IBudgetStore>(), provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider => new PipelineStart(provider, serviceKey));
        var pipeline = services.AddKeyedChatClient(serviceKey, provider => BuildRouter(settings, providers, serviceKey, provider));

        return new MeaiRouterBuilder(services, serviceKey, providers, pipeline);
    }

    private static IChatClient BuildRouter(RouterConfiguration settings, ProviderClients providers, object? serviceKey, IServiceProvider services)
    {
        var pipeline = new EndpointChatClient(providers.Create(services)).AsBuilder();
        if (settings.Budgets.Count > 0)
            pipeline.UseBudgets(services.GetRequiredKeyedService<BudgetBook>(serviceKey));
        return pipeline
            .UseCostTracking()
            .UseRouting(settings.Catalog, settings.Routing)
            .UseFallback(settings.Fallback)
            .UseNormalization()
            .Build(services);
    }
}

using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Embeddings;
using MeaiRouter.Endpoints;
using MeaiRouter.Health;
using MeaiRouter.Normalization;
using MeaiRouter.Registration;
using MeaiRouter.Resilience;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
    /// The configuration is read and validated at once. An endpoint that names an unknown provider is found when the pipeline is built, which
    /// is when the host starts, because a provider may still be added in code. Of later changes to the configuration those of models, aliases
    /// and catalogue files come into force without a restart; one that is wrong leaves everything as it is and is logged.
    /// </para>
    /// <para>
    /// Also registered, under the same key: unless there is one already, an <see cref="IEmbeddingGenerator{String, Embedding}"/> that goes the same way; the <see cref="LiveCatalog"/> and, each time anew, its <see cref="ModelCatalog"/> in force. Unless there is
    /// one already, an <see cref="ILedger"/> in memory, which all routers share. With budgets in the configuration also the <see cref="BudgetBook"/>,
    /// under the same key, whose accounts are in the <see cref="IBudgetStore"/> of the services, or else in this process. The providers' own clients
    /// are not registered: nothing can pass by the router.
    /// </para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> for none.</param>
    /// <param name="configuration">The root of the configuration, whose section <c>MeaiRouter</c> is read, or that section itself.</param>
    /// <returns>A builder with which to add providers and layers in code.</returns>
    /// <exception cref="MeaiRouterConfigurationException">The configuration cannot be used; the exception holds everything that is wrong.</exception>
    public static MeaiRouterBuilder AddKeyedMeaiRouter(this IServiceCollection services, object? serviceKey, IConfiguration configuration) =>
        services.AddKeyedMeaiRouter(serviceKey, configuration, hasBudgets: false);

    /// <summary>The same, with budgets even where the configuration has none: others may be put in force later.</summary>
    internal static MeaiRouterBuilder AddKeyedMeaiRouter(this IServiceCollection services, object? serviceKey, IConfiguration configuration, bool hasBudgets)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var settings = RouterConfiguration.Read(configuration, Environment.GetEnvironmentVariable);
        var providers = new ProviderClients(settings);
        var resilience = new List<Action<ResilienceOptions>> { settings.Resilience };

        services.TryAddSingleton<ILedger, InMemoryLedger>();
        services.AddKeyedSingleton(serviceKey, (provider, _) => Follow(configuration, settings, providers, provider));
        services.AddKeyedSingleton(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<ConfiguredCatalog>(key).Live);
        services.AddKeyedTransient(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<ConfiguredCatalog>(key).Live.Current.Catalog);
        hasBudgets |= settings.Budgets.Count > 0;
        if (hasBudgets)
            services.AddKeyedSingleton(serviceKey, (provider, _) => new BudgetBook(settings.Budgets, null, provider.GetService<IBudgetStore>(), provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider => new PipelineStart(provider, serviceKey));
        var pipeline = services.AddKeyedChatClient(serviceKey, provider => BuildRouter(serviceKey, settings, hasBudgets, providers, resilience, provider));

        services.TryAddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(
            serviceKey, static (provider, key) => new PipelineEmbeddingGenerator(provider.GetRequiredKeyedService<IChatClient>(key), leaveOpen: true));

        return new MeaiRouterBuilder(services, serviceKey, providers, pipeline, resilience);
    }

    private static ConfiguredCatalog Follow(
        IConfiguration configuration, RouterConfiguration settings, ProviderClients providers, IServiceProvider services)
    {
        providers.RefuseUnknown();
        return new ConfiguredCatalog(
            settings,
            new ConfigurationCatalogSource(configuration, settings.Models, providers),
            providers.Names,
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>()?.CreateLogger(typeof(LiveCatalog).FullName!));
    }

    private static IChatClient BuildRouter(
        object? serviceKey, RouterConfiguration settings, bool hasBudgets, ProviderClients providers, List<Action<ResilienceOptions>> resilience, IServiceProvider services)
    {
        // Before any client is made: a configuration that names unknown providers must leave none behind.
        var catalog = services.GetRequiredKeyedService<ConfiguredCatalog>(serviceKey).Live;
        var pipeline = new EndpointChatClient(providers.Create(services)).AsBuilder();
        if (hasBudgets)
            pipeline.UseBudgets(services.GetRequiredKeyedService<BudgetBook>(serviceKey));
        return pipeline
            .UseCostTracking()
            .UseResponseCache(configure: settings.ResponseCache)
            .UseRouting(catalog, options =>
            {
                settings.Routing(options);
                options.Health = new HealthBoard(services.GetService<TimeProvider>(), settings.Health);
            })
            .UseFallback(options =>
            {
                settings.Fallback(options);
                options.UseResilience(pipelines =>
                {
                    pipelines.TimeProvider = services.GetService<TimeProvider>() ?? TimeProvider.System;
                    resilience.ForEach(configure => configure(pipelines));
                });
            })
            .UseNormalization(options =>
            {
                settings.Normalization(options);
                options.MediaFetcher ??= services.GetService<IMediaFetcher>();
            })
            .Build(services);
    }
}

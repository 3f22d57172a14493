using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Embeddings;
using MeaiRouter.Logging;
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
    /// is when the host starts, because a provider may still be added in code. A later change of the configuration comes into force as a whole, without
    /// a restart: requests under way end with the configuration they began with, and a provider's client is disposed when the last of them has ended. A
    /// change that is wrong leaves everything as it is and is logged. Ask the pipeline's <c>GetService</c> for a layer each time: a change replaces the
    /// router and all layers inside it.
    /// </para>
    /// <para>
    /// Also registered, under the same key: unless there is one already, an <see cref="IEmbeddingGenerator{String, Embedding}"/> that goes the same way; the <see cref="LiveCatalog"/> and, each time anew, its <see cref="ModelCatalog"/> in force. Unless there is
    /// one already, an <see cref="ILedger"/> in memory, which all routers share. Also the <see cref="BudgetBook"/>, under the same key, whose accounts are in the <see cref="IBudgetStore"/> of the services, or else in this process. The providers' own clients
    /// are not registered: nothing can pass by the router.
    /// </para>
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="serviceKey">The key; <see langword="null"/> for none.</param>
    /// <param name="configuration">The root of the configuration, whose section <c>MeaiRouter</c> is read, or that section itself.</param>
    /// <returns>A builder with which to add providers and layers in code.</returns>
    /// <exception cref="MeaiRouterConfigurationException">The configuration cannot be used; the exception holds everything that is wrong.</exception>
    public static MeaiRouterBuilder AddKeyedMeaiRouter(this IServiceCollection services, object? serviceKey, IConfiguration configuration) =>
        services.AddKeyedMeaiRouter(serviceKey, configuration, ownsBudgets: false);

    /// <summary>The same, with budgets that somebody else puts in force: not the ones of a changed configuration alone.</summary>
    internal static MeaiRouterBuilder AddKeyedMeaiRouter(this IServiceCollection services, object? serviceKey, IConfiguration configuration, bool ownsBudgets)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);

        var text = ConfigurationText.Of(RouterConfiguration.SectionOf(configuration));
        var settings = RouterConfiguration.Read(configuration, Environment.GetEnvironmentVariable);
        var providers = new ProviderClients([.. settings.Providers.Keys]);
        var resilience = new List<Action<ResilienceOptions>>();

        services.TryAddSingleton<ILedger, InMemoryLedger>();
        services.AddKeyedSingleton(serviceKey, (provider, _) => new ConfiguredCatalog(
            settings, providers, provider.GetService<TimeProvider>(), provider.GetService<ILoggerFactory>()?.CreateLogger(typeof(LiveCatalog).FullName!)));
        services.AddKeyedSingleton(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<ConfiguredCatalog>(key).Live);
        services.AddKeyedTransient(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<ConfiguredCatalog>(key).Live.Current.Catalog);
        services.AddKeyedSingleton(serviceKey, (provider, _) => Budgets(settings, provider));
        services.AddKeyedSingleton(serviceKey, (provider, key) => new RouterReload(
            configuration, settings, text, provider.GetRequiredKeyedService<ConfiguredCatalog>(key), providers, new RouterBuild(providers, resilience, provider),
            ownsBudgets ? null : provider.GetRequiredKeyedService<BudgetBook>(key),
            () => provider.GetKeyedServices<IConfigurationFollower>(key),
            provider.GetService<ILoggerFactory>()?.CreateLogger(ConfigurationLog.Category)));
        services.AddSingleton<IHostedService>(provider => new PipelineStart(provider, serviceKey));
        var pipeline = services.AddKeyedChatClient(serviceKey, provider => BuildRouter(serviceKey, provider));

        services.TryAddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(
            serviceKey, static (provider, key) => new PipelineEmbeddingGenerator(provider.GetRequiredKeyedService<IChatClient>(key), leaveOpen: true));

        return new MeaiRouterBuilder(services, serviceKey, providers, pipeline, resilience);
    }

    private static BudgetBook Budgets(RouterConfiguration settings, IServiceProvider services)
    {
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var budgets = new BudgetBook(settings.Budgets, null, services.GetService<IBudgetStore>(), time);
        if (services.GetService<ILoggerFactory>() is { } loggers)
            new BudgetLog(loggers.CreateLogger(typeof(BudgetBook).FullName!), time).Follow(budgets);
        return budgets;
    }

    private static IChatClient BuildRouter(object? serviceKey, IServiceProvider services)
    {
        var reload = services.GetRequiredKeyedService<RouterReload>(serviceKey);
        var pipeline = reload.Client.AsBuilder()
            .UseBudgets(services.GetRequiredKeyedService<BudgetBook>(serviceKey))
            .UseCostTracking()
            .Build(services);
        reload.Start();
        return pipeline;
    }
}

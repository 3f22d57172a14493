using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Messages;
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
        var settings = GatewayConfiguration.Read(configuration, errors);
        MeaiRouterBuilder? builder = null;
        errors.Include(() => builder = services.AddKeyedMeaiRouter(serviceKey: null, configuration, hasBudgets: true));
        errors.ThrowIfAny();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        if (settings.Ledger is { } ledger)
        {
            services.AddMeaiRouterLedger(ledger);
            services.AddSingleton(_ => new KeyStore(ledger));
        }

        services.AddSingleton(provider => new GatewayKeys(settings.Keys, settings.Management, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AccountReports(provider.GetService<ILedgerReports>(), provider.GetService<ILedger>()));
        services.AddSingleton<KeyBudgets>();
        services.AddSingleton<KeyAccounts>();
        services.AddSingleton<KeyView>();
        services.AddSingleton<AccountsStart>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountsStart>());
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<CreditsEndpoint>();
        services.AddSingleton<GenerationEndpoint>();
        services.AddSingleton<ActivityEndpoint>();
        services.AddSingleton<GatewayRequest>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<MessagesEndpoint>();
        services.AddSingleton<RoutePlanEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        return builder!;
    }
}

using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.EntityFrameworkCore.Feedback;
using MeaiRouter.EntityFrameworkCore.Keys;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Authorization;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Embeddings;
using MeaiRouter.Gateway.HealthChecks;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Media;
using MeaiRouter.Gateway.Messages;
using MeaiRouter.Gateway.Models;
using MeaiRouter.Gateway.ProviderKeys;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Responses;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Gateway.Telemetry;
using MeaiRouter.Normalization;
using MeaiRouter.Registration;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

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
        errors.Include(() => builder = services.AddKeyedMeaiRouter(serviceKey: null, configuration, ownsBudgets: true));
        errors.ThrowIfAny();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        if (settings.Ledger is { } ledger)
        {
            services.AddMeaiRouterLedger(ledger);
            services.AddSingleton(_ => new KeyStore(ledger));
            services.AddSingleton(_ => new FeedbackStore(ledger));
        }

        services.AddSingleton(provider => new GatewayKeys(settings.Keys, settings.Management, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AccountReports(provider.GetService<ILedgerReports>(), provider.GetService<ILedger>()));
        services.AddSingleton<KeyBudgets>();
        services.AddSingleton<KeyAccounts>();
        services.AddSingleton<KeyView>();
        services.AddSingleton(provider => new KeyVault(provider.GetService<IDataProtectionProvider>(), settings.KeyRing, settings.Ledger is not null));
        services.AddSingleton(provider => new OwnedKeys(
            provider.GetRequiredService<KeyVault>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OwnedKeys>>(),
            settings.Ledger is { } database ? new KeyStore(database, KeyKind.Provider) : null));
        services.AddSingleton<ProviderKeyEndpoints>();
        services.AddSingleton(provider => new AuthorizationCodes(
            provider.GetRequiredService<TimeProvider>(), settings.Ledger is { } codes ? new AuthorizationCodeStore(codes) : null));
        services.AddSingleton<AuthorizationEndpoints>();
        services.AddSingleton<AccountsStart>();
        services.AddHostedService(provider => provider.GetRequiredService<AccountsStart>());
        services.AddSingleton(settings.Web.Metrics);
        services.AddSingleton<GatewayTelemetry>();
        services.AddHostedService(provider => provider.GetRequiredService<GatewayTelemetry>());
        services.AddSingleton<MetricsEndpoint>();
        GatewayHealthChecks.Add(services, settings.Ledger is not null);
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<KeyEndpoints>();
        services.AddSingleton<CreditsEndpoint>();
        services.AddSingleton<FeedbackEndpoint>();
        services.AddSingleton<GenerationEndpoint>();
        services.AddSingleton<ActivityEndpoint>();
        services.AddSingleton(provider => new AccessLog(provider.GetRequiredService<ILogger<AccessLog>>()));
        services.AddSingleton(provider => new KeepAlive(settings.Web.KeepAlive, provider.GetRequiredService<TimeProvider>()));
        if (settings.Web.FetchMedia is { } media)
            services.TryAddSingleton<IMediaFetcher>(provider => new GuardedMediaFetcher(media, provider.GetRequiredService<TimeProvider>(), new PublicConnections()));
        services.AddSingleton<OpenDoors>();
        services.AddSingleton<LiveSettings>();
        services.AddSingleton<IConfigurationFollower, GatewayReload>();
        services.Configure<KestrelServerOptions>(server => ServerLimits.Apply(settings.Web, server));
        if (settings.Web.ShutdownTimeout is { } shutdown)
            services.Configure<HostOptions>(host => host.ShutdownTimeout = shutdown);
        services.AddSingleton<GatewayRequest>();
        services.AddSingleton<RoutedRequests>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<ResponsesEndpoint>();
        services.AddSingleton<MessagesEndpoint>();
        services.AddSingleton<EmbeddingsEndpoint>();
        services.AddSingleton<RoutePlanEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<EndpointsEndpoint>();
        services.AddSingleton<ProvidersEndpoint>();
        services.AddSingleton<Listing>();
        return builder!;
    }
}

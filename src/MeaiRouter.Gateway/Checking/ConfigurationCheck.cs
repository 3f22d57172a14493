using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Registration;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Checking;

/// <summary>Explains a configuration without serving it: nobody listens, no provider is called and no database is opened.</summary>
public static class ConfigurationCheck
{
    /// <summary>Reads a configuration as the gateway would, and plans a request by it.</summary>
    /// <param name="configuration">The root of the configuration, whose section <c>MeaiRouter</c> is read, or that section itself.</param>
    /// <param name="model">A model as a request names it, with alias, variant or preset, such as <c>acme/small:floor</c>; <see langword="null"/> for no plan.</param>
    /// <returns>What is wrong, what is doubtful, and what there is. Providers that are added in code are not known here.</returns>
    public static CheckReport Run(IConfiguration configuration, string? model = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);

        var errors = new ConfigurationErrors();
        var gateway = GatewayConfiguration.Read(configuration, errors);
        var router = RouterConfiguration.Read(configuration, Environment.GetEnvironmentVariable, errors);
        var providers = new ProviderClients([.. router.Providers.Keys]);
        providers.RefuseUnknown(router, errors);
        errors.Include(() => gateway.RefuseUnknownProviders(providers.NamesWith(router)));
        if (!errors.IsEmpty)
            return new CheckReport { Errors = errors.All };

        try
        {
            return Explained(configuration, router, gateway, model);
        }
        catch (MeaiRouterConfigurationException exception)
        {
            return new CheckReport { Errors = exception.Errors };
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // What only the whole pipeline shows to be wrong.
            return new CheckReport { Errors = [exception.Message] };
        }
    }

    private static CheckReport Explained(IConfiguration configuration, RouterConfiguration settings, GatewaySettings gateway, string? model)
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(configuration);
        using var provider = services.BuildServiceProvider();
        var router = provider.GetRequiredService<IChatClient>().GetService<RouterChatClient>()!;
        var catalog = provider.GetRequiredService<ModelCatalog>();

        var (plan, failure) = model is null ? default : Plan(router, model);
        return new CheckReport
        {
            Warnings = [.. CheckWarnings.Of(configuration, settings, gateway, catalog, router)],
            Providers = Shown(configuration, settings),
            Models = [.. catalog.Models.OrderBy(static model => model.Id, StringComparer.Ordinal)],
            Aliases = settings.Models.Aliases,
            Gateway = [.. Describe(gateway)],
            Model = model,
            Plan = plan,
            PlanFailure = failure,
        };
    }

    private static (RoutePlan? Plan, string? Failure) Plan(RouterChatClient router, string model)
    {
        try
        {
            return (router.Explain([new ChatMessage(ChatRole.User, "Hello")], new ChatOptions { ModelId = model }), null);
        }
        catch (RouterException failure)
        {
            return (failure.GetRoutePlan(), failure.Message);
        }
    }

    private static CheckedProvider[] Shown(IConfiguration configuration, RouterConfiguration settings) =>
    [
        .. settings.Providers.Values.OrderBy(static provider => provider.Name, StringComparer.Ordinal).Select(provider => new CheckedProvider(
            provider.Name,
            provider.BaseUrl.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped),
            KeySource.Of(configuration, provider))),
    ];

    private static IEnumerable<string> Describe(GatewaySettings gateway)
    {
        yield return gateway.Keys.Count == 0 ? "no keys for inference" : $"keys for inference: {string.Join(", ", gateway.Keys.Select(Describe))}";
        yield return gateway.Management is null ? "no management key" : "a management key";
        yield return gateway.Ledger is null ? "the ledger is in memory" : "the ledger is in a database";
    }

    private static string Describe(GatewayKey key) => key switch
    {
        { Disabled: true } => $"{key.Name} (disabled)",
        { LimitUsd: { } limit, LimitReset: LimitReset.None } => FormattableString.Invariant($"{key.Name} (${limit})"),
        { LimitUsd: { } limit } => FormattableString.Invariant($"{key.Name} (${limit} {key.LimitReset.ToString().ToLowerInvariant()})"),
        _ => key.Name,
    };
}

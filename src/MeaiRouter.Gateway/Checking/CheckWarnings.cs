using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Routing;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Checking;

/// <summary>What a configuration permits and its author probably did not mean.</summary>
internal static class CheckWarnings
{
    public static IEnumerable<string> Of(
        IConfiguration configuration, RouterConfiguration settings, GatewaySettings gateway, ModelCatalog catalog, RouterChatClient router)
    {
        if (gateway.Keys.Count == 0 && gateway.Management is null)
            yield return "MeaiRouter:Gateway:Keys: there are none, so everybody who reaches the gateway can spend.";
        if (gateway is { Ledger: null } && gateway.Keys.Any(static key => key.LimitUsd is not null) || (gateway.Ledger is null && settings.Budgets.Any(static budget => budget.LimitUsd is not null)))
            yield return "MeaiRouter:Gateway:Ledger: is not set, so what was spent is forgotten at every start, and limits begin anew.";
        foreach (var key in gateway.Keys.Where(static key => key.ExpiresAt < DateTimeOffset.UtcNow))
            yield return $"MeaiRouter:Gateway:Keys: '{key.Name}' has expired.";

        var used = catalog.Models.SelectMany(static model => model.Endpoints).Select(static endpoint => endpoint.Provider).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in settings.Providers.Values)
        {
            var path = $"MeaiRouter:Providers:{provider.Name}";
            if (!used.Contains(provider.Name))
                yield return $"{path}: no model has an endpoint there.";
            if (provider.ApiKeys.Count == 0 && !provider.BaseUrl.IsLoopback)
                yield return $"{path}:ApiKey: is not set, so its calls carry no key.";
            else if (provider.ApiKeys.Count > 0 && provider.BaseUrl.Scheme == Uri.UriSchemeHttp && !provider.BaseUrl.IsLoopback)
                yield return $"{path}:BaseUrl: is plain http, so the key can be read on the way.";
        }

        foreach (var model in settings.Models.Models.Select(model => catalog.Find(model.Id)).OfType<Model>())
        {
            foreach (var endpoint in model.Endpoints.Where(static endpoint => endpoint.Price is null))
                yield return $"MeaiRouter:Models:{model.Id}: the endpoint {endpoint.Tag} is unpriced: what its calls cost is not known, and budgets in dollars refuse them.";
            if (model.Endpoints.Count > 0 && !model.Endpoints.Any(endpoint => router.Permits(model, endpoint)))
                yield return $"MeaiRouter:Models:{model.Id}: Routing:Policy permits none of its endpoints.";
        }

        foreach (var warning in Policies(settings, gateway, catalog, configuration))
            yield return warning;
        foreach (var budget in settings.Budgets.Where(budget => budget.Scope is { Kind: BudgetScopeKind.Key, IsForEach: false } && gateway.Ledger is null && gateway.Management is null))
        {
            if (!gateway.Keys.Any(key => string.Equals(key.Name, budget.Scope.Name, StringComparison.OrdinalIgnoreCase)))
                yield return $"MeaiRouter:Budgets: '{budget.Scope}' limits a key that there is not.";
        }
    }

    private static IEnumerable<string> Policies(RouterConfiguration settings, GatewaySettings gateway, ModelCatalog catalog, IConfiguration configuration)
    {
        var app = new ConfigurationErrors();
        var section = new SectionReader(RouterConfiguration.SectionOf(configuration), app).Section("Routing")?.Section("Policy");
        var policies = gateway.Keys.Where(static key => key.Policy is not null).Select(static key => ($"MeaiRouter:Gateway:Keys: the policy of '{key.Name}'", key.Policy!));
        if (PolicyReader.Read(section, "app") is { } policy)
            policies = policies.Prepend(("MeaiRouter:Routing:Policy", policy));

        string[] models = [.. catalog.Models.Select(static model => model.Id)];
        string[] slugs = [.. catalog.Models.SelectMany(static model => model.Endpoints).SelectMany(static endpoint => (string[])[endpoint.Provider, endpoint.Tag]), .. settings.Providers.Keys];
        foreach (var (path, rules) in policies)
        {
            foreach (var pattern in rules.AllowedModels.Concat(rules.IgnoredModels).Where(pattern => !models.Any(model => Matches(pattern, model))))
                yield return $"{path}: '{pattern}' is no model that there is.";
            foreach (var slug in rules.AllowedProviders.Concat(rules.IgnoredProviders).Where(slug => !slugs.Contains(slug, StringComparer.OrdinalIgnoreCase)))
                yield return $"{path}: '{slug}' is no provider or endpoint that there is.";
        }
    }

    private static bool Matches(string pattern, string model) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, model, ignoreCase: true);
}

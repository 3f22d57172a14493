using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace AotApp;

/// <summary>One model at two providers, in configuration and in code.</summary>
internal static class Settings
{
    public const string Model = "acme/small";

    public static ModelCatalog Catalog { get; } = new(
    [
        new Model(Model)
        {
            Endpoints =
            [
                new ModelEndpoint("cheap", "small-v1") { Price = Price.PerMillion(0.5m, 1.5m) },
                new ModelEndpoint("dear", "small-equal") { Price = Price.PerMillion(2, 8) },
            ],
        },
    ]);

    public static Dictionary<string, string?> For(string cheap, string dear) => new()
    {
        ["MeaiRouter:Providers:cheap:BaseUrl"] = cheap,
        ["MeaiRouter:Providers:cheap:ApiKey"] = "k",
        ["MeaiRouter:Providers:dear:BaseUrl"] = dear,
        ["MeaiRouter:Providers:dear:ApiKey"] = "k",
        [$"MeaiRouter:Models:{Model}:Endpoints:0:Provider"] = "cheap",
        [$"MeaiRouter:Models:{Model}:Endpoints:0:Model"] = "small-v1",
        [$"MeaiRouter:Models:{Model}:Endpoints:0:PricePerMillion:Prompt"] = "0.5",
        [$"MeaiRouter:Models:{Model}:Endpoints:0:PricePerMillion:Completion"] = "1.5",
        [$"MeaiRouter:Models:{Model}:Endpoints:1:Provider"] = "dear",
        [$"MeaiRouter:Models:{Model}:Endpoints:1:Model"] = "small-equal",
        [$"MeaiRouter:Models:{Model}:Endpoints:1:PricePerMillion:Prompt"] = "2",
        [$"MeaiRouter:Models:{Model}:Endpoints:1:PricePerMillion:Completion"] = "8",
        ["MeaiRouter:Routing:Strategy"] = "price",
        ["MeaiRouter:Budgets:0:Scope"] = "global",
        ["MeaiRouter:Budgets:0:LimitUsd"] = "1",
        ["MeaiRouter:Budgets:0:Window"] = "daily",
        ["MeaiRouter:ResponseCache:Enabled"] = "true",
    };
}

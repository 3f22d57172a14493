using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>The pipelines that are measured, each around the same client in memory.</summary>
internal static class Pipelines
{
    public static readonly ChatMessage[] Messages = [new(ChatRole.User, "Hello there, how are you?")];

    public static readonly ChatOptions Options = new() { ModelId = "m", Temperature = 0.5f };

    public static readonly ModelCatalog Catalog = CatalogOf(models: 1, endpoints: 3);

    public static ModelCatalog CatalogOf(int models, int endpoints) => new(
        Enumerable.Range(0, models).Select(m => new Model(m == 0 ? "m" : $"m{m}")
        {
            Endpoints = [.. Enumerable.Range(0, m == 0 ? endpoints : Math.Min(endpoints, 3)).Select(e => new ModelEndpoint("p", "m") { Tag = $"p/{e}", Price = Price.PerMillion(1 + e, 2 + e) })],
        }));

    private static BudgetBook Budgets(params string[] scopes) =>
        new(scopes.Select(scope => new Budget(BudgetScope.Parse(scope), BudgetWindow.Monthly) { LimitUsd = 1_000_000 }));

    public static IChatClient Of(string layers, int updates = 0)
    {
        var client = (IChatClient)new InMemoryChatClient(updates);
        var book = new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 2) });
        return layers switch
        {
            "none" => client,
            "cost" => new CostTrackingChatClient(client, new InMemoryLedger(), book),
            "routing" => new RouterChatClient(client, Catalog),
            "fallback" => new FallbackChatClient(client),
            "normalization" => new NormalizingChatClient(client),
            "all" => Whole(client),
            "unguarded" => Whole(client, new FallbackOptions { HoldCharacters = 0, RestartBroken = false }),
            "budgets" => new BudgetChatClient(Of("all"), Budgets("global")),
            "budgets of each user and provider" => new BudgetChatClient(Of("all"), Budgets("global", "user:*", "provider:*")),
            _ => throw new ArgumentOutOfRangeException(nameof(layers), layers, "Not a pipeline."),
        };
    }

    /// <summary>The whole pipeline around a client that serves every endpoint.</summary>
    public static IChatClient Whole(IChatClient client, FallbackOptions? options = null) => new CostTrackingChatClient(
        new RouterChatClient(
            new FallbackChatClient(
                new NormalizingChatClient(new EndpointChatClient(new Dictionary<string, IChatClient> { ["p"] = client })), options),
            Catalog),
        new InMemoryLedger());
}

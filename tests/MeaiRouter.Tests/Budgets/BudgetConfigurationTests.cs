using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Tests.Configuration;
using MeaiRouter.Configuration;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Budgets;

public sealed class BudgetConfigurationTests
{
    private const string Priced = """
        {
          "Models": { "acme/small": { "MaxOutputTokens": 1000, "Endpoints": [
            { "Provider": "own", "Model": "small-v1", "PricePerMillion": { "Prompt": 1, "Completion": 10 } } ] } },
          "Routing": { "DefaultModel": "acme/small" }
        }
        """;

    [Fact]
    public void Every_setting_of_a_budget_is_read()
    {
        var budgets = Read("""
            { "Budgets": [
                { "Scope": "key:team-a", "LimitUsd": 50, "Window": "monthly" },
                { "Scope": "user:*", "LimitUsd": 0.5, "Window": "24h", "Soft": true, "RequestsPerMinute": 60, "TokensPerMinute": 90000, "Concurrency": 4,
                  "AssumeUsdPerRequest": 0.02, "ClampDownTo": 256, "Overcommit": 1.5 },
                { "Scope": "provider:ACME", "Concurrency": 2 }, { "Scope": "model:acme/small", "LimitUsd": 1 }, { "Scope": "global", "LimitUsd": 0 } ] }
            """);

        Assert.Equal(
            [
                new Budget(BudgetScope.Of(BudgetScopeKind.Key, "team-a"), BudgetWindow.Monthly) { LimitUsd = 50 },
                new Budget(BudgetScope.Of(BudgetScopeKind.User, "*"), BudgetWindow.Rolling(TimeSpan.FromHours(24)))
                {
                    LimitUsd = 0.5m, Soft = true, RequestsPerMinute = 60, TokensPerMinute = 90_000, Concurrency = 4,
                    AssumeUsdPerRequest = 0.02m, ClampDownTo = 256, Overcommit = 1.5m,
                },
                new Budget(BudgetScope.Of(BudgetScopeKind.Provider, "ACME")) { Concurrency = 2 },
                new Budget(BudgetScope.Of(BudgetScopeKind.Model, "acme/small")) { LimitUsd = 1 },
                new Budget(BudgetScope.Global) { LimitUsd = 0 },
            ],
            budgets);
    }

    [Theory]
    [InlineData("""{ "LimitUsd": 5 }""", "Scope: is missing.")]
    [InlineData("""{ "Scope": "team-a", "LimitUsd": 5 }""",
        "Scope: 'team-a' is not a scope. It must be global, or one of key, user, tag, session, model, provider with a name, such as key:team-a or user:*.")]
    [InlineData("""{ "Scope": "model:acme/smal", "LimitUsd": 5 }""", "Scope: 'acme/smal' is not a model. Did you mean 'acme/small'?")]
    [InlineData("""{ "Scope": "provider:acm", "LimitUsd": 5 }""", "Scope: 'acm' is not a provider of any model. Did you mean 'acme'?")]
    [InlineData("""{ "Scope": "global", "LimitUsd": -5 }""", "LimitUsd: '-5' is not an amount of US dollars from 0 to 1000000, such as 0.5.")]
    [InlineData("""{ "Scope": "global", "LimitUsd": 5, "Window": "yearly" }""",
        "Window: 'yearly' is not a window. It must be daily, weekly, monthly, lifetime, or a length from 1m to 366d such as 24h, which rolls.")]
    [InlineData("""{ "Scope": "global" }""",
        "LimitUsd: is missing. A budget must limit something: set LimitUsd, RequestsPerMinute, TokensPerMinute or Concurrency.")]
    [InlineData("""{ "Scope": "global", "Soft": true, "Concurrency": 1 }""", "LimitUsd: is missing. A soft budget warns of it.")]
    [InlineData("""{ "Scope": "global", "RequestsPerMinute": 0 }""", "RequestsPerMinute: '0' is not a whole number of at least 1.")]
    [InlineData("""{ "Scope": "global", "LimitUsd": 1, "Overcommit": 0.5 }""", "Overcommit: '0.5' is not a number from 1 to 1000.")]
    [InlineData("""{ "Scope": "global", "Limit": 1, "Concurrency": 1 }""", "Limit: 'Limit' is not a setting. Did you mean 'LimitUsd'?")]
    public void A_mistake_in_a_budget_is_named_with_its_path(string budget, string error) =>
        Assert.Equal([$"MeaiRouter:Budgets:0:{error}"], ErrorsOf($$"""{ "Budgets": [ {{budget}} ] }"""));

    [Fact]
    public void Two_budgets_of_one_scope_and_window_are_refused() => Assert.Equal(
        ["MeaiRouter:Budgets:2:Scope: there is a budget 'key:TEAM' with the window daily already. Give this one another window, or combine them."],
        ErrorsOf("""
            { "Budgets": [ { "Scope": "key:team", "LimitUsd": 1, "Window": "daily" }, { "Scope": "key:team", "LimitUsd": 9 },
                           { "Scope": "key:TEAM", "LimitUsd": 2, "Window": "Daily" } ] }
            """));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_configured_budget_holds_and_can_be_read(bool streaming)
    {
        var own = new TestChatClient();
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section(Priced, """{ "Budgets": [ { "Scope": "key:team-a", "LimitUsd": 0.011, "Window": "monthly" } ] }""")).AddProvider("own", own);
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IChatClient>();

        // At most 34 bytes of prompt and 1,000 tokens of answer; really a thousand in and a hundred out.
        await client.AskAsync(streaming, new ChatOptions().WithCaller("team-a"));
        var failure = await Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming, new ChatOptions().WithCaller("team-a")));
        await client.AskAsync(streaming, new ChatOptions().WithCaller("team-b"));

        Assert.Equal((FailureKind.BudgetExceeded, "key:team-a", 2), (failure.Kind, failure.BudgetRefusal!.Scope, own.Requests.Count));
        var balance = Assert.Single(await provider.GetRequiredService<BudgetBook>().SnapshotAsync());
        Assert.Equal(("key:team-a", NanoUsd.FromUsd(0.002m), NanoUsd.Zero), (balance.Scope, balance.Spent, balance.Reserved));
        Assert.NotNull(client.GetService<BudgetChatClient>());
    }

    [Fact]
    public void Without_budgets_nothing_is_limited_until_a_reload_brings_one()
    {
        var services = new ServiceCollection();
        var configuration = new LiveJson(Priced);
        services.AddMeaiRouter(configuration.Root).AddProvider("own", new TestChatClient());
        using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<IChatClient>();
        Assert.NotNull(client.GetService<BudgetChatClient>());
        Assert.Empty(provider.GetRequiredService<BudgetBook>().Budgets);

        configuration.Write(Priced, """{ "Budgets": [ { "Scope": "global", "LimitUsd": 5 } ] }""");
        Assert.Equal(5, Assert.Single(provider.GetRequiredService<BudgetBook>().Budgets).LimitUsd);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_builder_takes_budgets_store_and_prices_from_the_services_unless_given(bool streaming)
    {
        var book = new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 10) });
        var store = new InMemoryBudgetStore();
        Budget[] global = [new Budget(BudgetScope.Global) { LimitUsd = 1 }];
        var budgets = new BudgetBook(global);
        await using var services = new ServiceCollection().AddSingleton(book).AddSingleton<IBudgetStore>(store).AddSingleton(budgets).BuildServiceProvider();
        var options = new ChatOptions { ModelId = "m" };

        using var registered = new TestChatClient().AsBuilder().UseBudgets().Build(services);
        await registered.AskAsync(streaming, options);
        using var own = new TestChatClient().AsBuilder().UseBudgets(global, o => o.AssumeMaxOutputTokens = 10).Build(services);
        await own.AskAsync(streaming, options);
        await own.AskAsync(streaming, options);

        Assert.Equal(NanoUsd.FromUsd(0.002m), Assert.Single(await budgets.SnapshotAsync()).Spent);
        Assert.Equal(NanoUsd.FromUsd(0.004m), Assert.Single(await store.ReadAsync()).Spent);
        Assert.Throws<InvalidOperationException>(() => new TestChatClient().AsBuilder().UseBudgets(prices: book).Build());
    }

    private static IReadOnlyList<Budget> Read(string layer) =>
        RouterConfiguration.Read(Json.Section(Json.Smallest, layer), static _ => null).Budgets;

    private static IReadOnlyList<string> ErrorsOf(string layer) => Assert.Throws<MeaiRouterConfigurationException>(() => Read(layer)).Errors;
}

using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Endpoints;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Tests.Configuration;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Tests.Layers;

/// <summary>A pipeline that is registered as scoped or transient is built again and again, and must not forget what it spent or learned.</summary>
public sealed class LifetimeTests
{
    private static readonly ModelCatalog Catalog = new(
    [
        new Model("acme/small")
        {
            Endpoints =
            [
                new ModelEndpoint("cheap", "small-c") { Price = Price.PerMillion(1, 10) },
                new ModelEndpoint("dear", "small-d") { Price = Price.PerMillion(2, 20) },
            ],
        },
    ]);

    public static TheoryData<ServiceLifetime, bool> Lifetimes
    {
        get
        {
            var all = new TheoryData<ServiceLifetime, bool>();
            foreach (var lifetime in Enum.GetValues<ServiceLifetime>())
            {
                all.Add(lifetime, false);
                all.Add(lifetime, true);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task Budgets_count_across_scopes(ServiceLifetime lifetime, bool streaming)
    {
        var client = new TestChatClient();
        var services = new ServiceCollection();
        services.AddChatClient(_ => new EndpointChatClient(new Dictionary<string, IChatClient> { ["cheap"] = client, ["dear"] = client }, leaveOpen: true), lifetime)
            .UseBudgets([new Budget(BudgetScope.Global) { RequestsPerMinute = 1 }])
            .UseCostTracking()
            .UseRouting(Catalog);
        using var provider = services.BuildServiceProvider(validateScopes: true);

        Assert.Equal("hello", (await AskInScopeAsync(provider, streaming)).Text);
        var refused = await Assert.ThrowsAsync<RouterException>(() => AskInScopeAsync(provider, streaming));

        Assert.NotNull(refused.BudgetRefusal);
        Assert.Single(client.Requests);
    }

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task Answers_are_kept_across_scopes(ServiceLifetime lifetime, bool streaming)
    {
        var client = new TestChatClient();
        var services = new ServiceCollection();
        services.AddChatClient(_ => new EndpointChatClient(new Dictionary<string, IChatClient> { ["cheap"] = client, ["dear"] = client }, leaveOpen: true), lifetime)
            .UseCostTracking()
            .UseResponseCache()
            .UseRouting(Catalog);
        using var provider = services.BuildServiceProvider(validateScopes: true);

        await AskInScopeAsync(provider, streaming);
        var again = await AskInScopeAsync(provider, streaming);

        Assert.True(again.GetRouteTrace()!.IsCacheHit);
        Assert.Single(client.Requests);
    }

    [Theory]
    [MemberData(nameof(Lifetimes))]
    public async Task Failures_are_remembered_across_scopes(ServiceLifetime lifetime, bool streaming)
    {
        var (failing, client) = (new FailingChatClient(), new TestChatClient());
        var services = new ServiceCollection();
        services.AddChatClient(_ => new EndpointChatClient(new Dictionary<string, IChatClient> { ["cheap"] = failing, ["dear"] = client }, leaveOpen: true), lifetime)
            .UseRouting(Catalog, static options => options.Strategy = RoutingStrategies.Price)
            .UseFallback();
        using var provider = services.BuildServiceProvider(validateScopes: true);

        var asked = new List<int>();
        for (var i = 0; i < 8; i++)
            asked.Add((await AskInScopeAsync(provider, streaming)).GetRouteTrace()!.Attempts.Count);

        Assert.Equal((2, 1), (asked[0], asked[^1]));
    }

    [Fact]
    public void A_configured_router_is_one_for_all_scopes_and_those_under_keys_stand_beside_it_each_with_its_own_settings()
    {
        var services = new ServiceCollection();
        services.AddMeaiRouter(Json.Section("""{ "Models": { "m/plain": { "Endpoints": [ { "Provider": "own", "Model": "p" } ] } }, "Routing": { "Strategy": "price" } }"""))
            .AddProvider("own", new TestChatClient());
        services.AddKeyedMeaiRouter("other", Json.Section("""{ "Models": { "m/a": { "Endpoints": [ { "Provider": "own", "Model": "a" } ] }, "m/b": { "Endpoints": [ { "Provider": "own", "Model": "b" } ] } } }"""))
            .AddProvider("own", new TestChatClient());
        using var provider = services.BuildServiceProvider(validateScopes: true);
        using var scope = provider.CreateScope();

        var plain = provider.GetRequiredService<IChatClient>();
        var other = provider.GetRequiredKeyedService<IChatClient>("other");

        Assert.Same(plain, scope.ServiceProvider.GetRequiredService<IChatClient>());
        Assert.Same(other, scope.ServiceProvider.GetRequiredKeyedService<IChatClient>("other"));
        Assert.Contains("RouterChatClient: strategy price, 1 model,", plain.DescribePipeline(), StringComparison.Ordinal);
        Assert.Contains("RouterChatClient: strategy balanced, 2 models,", other.DescribePipeline(), StringComparison.Ordinal);
        Assert.Equal(
            [
                "BudgetChatClient", "CostTrackingChatClient", "ReloadingChatClient", "  in force", "    RouterChatClient", "    FallbackChatClient",
                "    NormalizingChatClient", "    EndpointChatClient", "      own",
            ],
            plain.DescribePipeline().Split('\n').Select(static line => line.Split(':')[0]));
    }

    private static async Task<ChatResponse> AskInScopeAsync(IServiceProvider provider, bool streaming)
    {
        await using var scope = provider.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IChatClient>().AskAsync(streaming, new ChatOptions { ModelId = "acme/small", MaxOutputTokens = 10 });
    }
}

using MeaiRouter.Budgets;
using MeaiRouter.Caching;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Dialects;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using NSubstitute;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class DescribePipelineTests
{
    [Fact]
    public void The_whole_pipeline_is_told_one_line_a_layer_and_then_the_providers()
    {
        Assert.Equal(
            """
            PassThrough
            BudgetChatClient: 4 budgets: global $50 monthly; key:* $10 daily, soft, 60 requests a minute; user:* $1 lifetime; and 1 more
            CostTrackingChatClient: ledger InMemoryLedger, 1 price besides the catalogue's
            PassThrough
            PassThrough
            ResponseCacheChatClient: only for requests that ask for it, answers kept 90 s in NoStore
            RouterChatClient: strategy price, 1 model, 2 endpoints, default model fast, 1 alias, 1 preset, policy eu, selector EndpointChoice
            FallbackChatClient: at most 3 attempts, first content 1500 ms, idle unlimited, total 10 min, hedging above quantile 0.9
            NormalizingChatClient: dialect mine unless the endpoint has one, unsupported parameters refused, long conversations compressed
            EndpointChatClient: 2 providers
              a: PassThrough
                FakeChatClient, acme at https://api.acme.example:8443, model a-1
              b: FakeChatClient
            """.ReplaceLineEndings("\n"),
            Whole().DescribePipeline());
    }

    [Fact]
    public void Defaults_are_told_too()
    {
        Assert.Equal(
            """
            BudgetChatClient: no budgets yet
            CostTrackingChatClient: no ledger, 0 prices besides the catalogue's
            RouterChatClient: strategy balanced, 1 model, 1 endpoint, no default model
            FallbackChatClient: as many attempts as endpoints and at least 3, first content 10 s, idle 30 s, total 10 min, no hedging
            NormalizingChatClient: dialect default unless the endpoint has one, unsupported parameters adapted, long conversations as they are
            EndpointChatClient: 1 provider
              a: FakeChatClient
            """.ReplaceLineEndings("\n"),
            new BudgetChatClient(
                new CostTrackingChatClient(new RouterChatClient(
                    new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(new FakeChatClient()))), TestPipeline.Catalog(1))),
                new BudgetBook([])).DescribePipeline());
    }

    [Fact]
    public void Backups_stand_indented_under_the_layer_that_turns_to_them()
    {
        var backup = new CostTrackingChatClient(new FakeChatClient());

        Assert.Equal(
            """
            FallbackChatClient: as many attempts as endpoints and at least 3, first content 10 s, idle 30 s, total 10 min, no hedging
              backup 1: CostTrackingChatClient: no ledger, 0 prices besides the catalogue's
                FakeChatClient
              backup 2: FakeChatClient, acme
            FakeChatClient, primary's
            """.ReplaceLineEndings("\n"),
            new FallbackChatClient(
                new FakeChatClient { Metadata = new("primary's") }, [backup, new FakeChatClient { Metadata = new("acme") }]).DescribePipeline());
    }

    [Fact]
    public void A_wrapper_of_another_kind_is_looked_through_as_far_as_its_services_show()
    {
        Assert.Equal(
            "OpaqueClient, acme\nCostTrackingChatClient: no ledger, 0 prices besides the catalogue's\nOpaqueClient, acme",
            new OpaqueClient(new CostTrackingChatClient(new OpaqueClient(new FakeChatClient { Metadata = new("acme") }))).DescribePipeline());
    }

    [Fact]
    public void Nothing_of_an_address_but_its_server_is_told()
    {
        var told = new FakeChatClient { Metadata = new("acme", new Uri("https://someone:secret@api.acme.example/secret/v1?key=secret#secret")) }.DescribePipeline();

        Assert.Equal("FakeChatClient, acme at https://api.acme.example", told);
        Assert.Throws<ArgumentNullException>("client", () => ((IChatClient)null!).DescribePipeline());
    }

    [Fact]
    public void A_wrapper_that_leads_back_to_itself_is_not_followed_for_ever()
    {
        var circle = Substitute.For<IChatClient>();
        var layer = new CostTrackingChatClient(circle);
        circle.GetService(typeof(IPipelineLayer), null).Returns(layer);

        Assert.Equal(64, circle.DescribePipeline().Split('\n').Length);
    }

    private static PassThrough Whole()
    {
        var a = new PassThrough(new FakeChatClient { Metadata = new("acme", new Uri("https://api.acme.example:8443/v1"), "a-1") });
        var terminal = new EndpointChatClient(new Dictionary<string, IChatClient> { ["b"] = new FakeChatClient(), ["a"] = a });
        var normalizing = new NormalizingChatClient(terminal, new NormalizingOptions
        {
            Dialect = new Dialect("mine"),
            UnsupportedParameters = UnsupportedParameters.Refuse,
            Compression = new(),
        });
        var fallback = new FallbackChatClient(normalizing, new FallbackOptions
        {
            MaxAttempts = 3,
            FirstContent = TimeSpan.FromSeconds(1.5),
            Idle = Timeout.InfiniteTimeSpan,
            Hedging = new HedgingOptions { Quantile = 0.9 },
        });
        var router = new RouterChatClient(
            fallback,
            new ModelCatalog([TestPipeline.Model(2)], new Dictionary<string, string> { ["fast"] = TestPipeline.ModelId }),
            new RoutingOptions
            {
                Strategy = RoutingStrategies.Price,
                DefaultModel = "fast",
                Presets = new Dictionary<string, Preset> { ["bot"] = new() },
                Policy = new RoutingPolicy { Name = "eu" },
                Selector = new EndpointChoice("fast"),
            });
        var cache = new ResponseCacheChatClient(
            router, new NoStore(), new ResponseCacheOptions { Enabled = false, TimeToLive = TimeSpan.FromSeconds(90) });
        var costs = new CostTrackingChatClient(
            new PassThrough(new PassThrough(cache)), new InMemoryLedger(), new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 2) }));
        return new PassThrough(new BudgetChatClient(costs, new BudgetBook(
        [
            new Budget(BudgetScope.Global, BudgetWindow.Monthly) { LimitUsd = 50 },
            new Budget(BudgetScope.Parse("key:*"), BudgetWindow.Daily) { LimitUsd = 10, Soft = true, RequestsPerMinute = 60 },
            new Budget(BudgetScope.Parse("user:*")) { LimitUsd = 1 },
            new Budget(BudgetScope.Parse("tag:x")) { LimitUsd = 1 },
        ])));
    }
}

using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>Where Microsoft's cache and tool invoker may stand among our layers.</summary>
public sealed class ForeignLayerTests
{
    private static readonly UsageDetails Usage = new() { InputTokenCount = 1_000_000, OutputTokenCount = 0, TotalTokenCount = 1_000_000 };

    [Theory]
    [InlineData("directly")]
    [InlineData("behind a stranger")]
    [InlineData("behind the router")]
    [InlineData("as a provider")]
    [InlineData("within budgets")]
    public void A_cache_that_gives_usage_again_must_not_stand_inside_cost_tracking(string place)
    {
        var provider = new FakeChatClient();
        var cache = new DistributedCachingChatClient(provider);

        var failure = Assert.Throws<InvalidOperationException>(object? () => place switch
        {
            "directly" => new CostTrackingChatClient(cache),
            "behind a stranger" => new CostTrackingChatClient(new PassThrough(new PassThrough(cache))),
            "behind the router" => new CostTrackingChatClient(new RouterChatClient(new DistributedCachingChatClient(TestPipeline.Endpoint(provider)), TestPipeline.Catalog(1))),
            "as a provider" => new CostTrackingChatClient(new MeaiRouter.Endpoints.EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = cache })),
            _ => new BudgetChatClient(cache, new BudgetBook([]), PriceBook.Empty),
        });

        Assert.Equal(
            "DistributedCachingChatClient must be outside CostTrackingChatClient, but the pipeline has it inside; what it answers again would be charged again. "
            + "Add it to the builder before CostTrackingChatClient, or use ResponseCacheChatClient in its place.",
            failure.Message);
    }

    [Fact]
    public void A_cache_may_stand_outside_of_cost_tracking_and_where_nobody_tracks_costs_and_one_that_marks_its_hits_anywhere()
    {
        var provider = new FakeChatClient();

        Assert.NotNull(new DistributedCachingChatClient(new CostTrackingChatClient(provider)));
        Assert.NotNull(new FallbackChatClient(new NormalizingChatClient(new DistributedCachingChatClient(provider))));
        Assert.NotNull(new CostTrackingChatClient(new MarkingCache(provider)));
    }

    [Theory]
    [InlineData("directly", "FunctionInvokingChatClient")]
    [InlineData("behind a stranger", "FunctionInvokingChatClient")]
    [InlineData("as a backup", "KernelInvokingChatClient")]
    [InlineData("as a provider", "KernelInvokingChatClient")]
    public void Tools_must_not_be_invoked_inside_what_tries_again(string place, string invoker)
    {
        var provider = new FakeChatClient();

        var failure = Assert.Throws<InvalidOperationException>(object? () => place switch
        {
            "directly" => new FallbackChatClient(new FunctionInvokingChatClient(provider)),
            "behind a stranger" => new FallbackChatClient(new NormalizingChatClient(new PassThrough(new FunctionInvokingChatClient(provider)))),
            "as a backup" => new FallbackChatClient(provider, [provider, new PassThrough(new KernelInvokingChatClient(provider))]),
            _ => new FallbackChatClient(new MeaiRouter.Endpoints.EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = new KernelInvokingChatClient(provider) })),
        });

        Assert.Equal(
            $"{invoker} must be outside FallbackChatClient, but the pipeline has it inside; the next attempt would run tools again that have run. "
            + "Add it to the builder before FallbackChatClient, and give the pipeline clients of providers that invoke no tools themselves.",
            failure.Message);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Around_the_router_every_turn_of_a_tool_loop_is_routed_and_paid_once_wherever_the_loop_stands(bool insideCosts, bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello there", Usage);
        var ledger = new InMemoryLedger();
        IChatClient routed = new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(provider), TestPipeline.Unheld), TestPipeline.Catalog(1), TestPipeline.Routing);
        var client = insideCosts
            ? new CostTrackingChatClient(new FunctionInvokingChatClient(routed), ledger)
            : (IChatClient)new FunctionInvokingChatClient(new CostTrackingChatClient(routed, ledger));

        var response = await client.AskAsync(streaming);

        Assert.Equal("Hello there", response.Text);
        Assert.Equal(2, provider.Calls.Count);
        var spent = ledger.Records.Select(record => record.Cost!.Value.ToUsd()).ToArray();
        Assert.Equal(insideCosts ? [2m] : [1m, 1m], spent);
    }
}

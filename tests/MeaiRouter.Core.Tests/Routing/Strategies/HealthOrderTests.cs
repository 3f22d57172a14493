using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Health;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing.Strategies;

public sealed class HealthOrderTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Without_trouble_the_strategys_order_stands() => Assert.Equal([0, 1, 2, 3], Offers.Equal(4, _time).ByHealth());

    [Fact]
    public void Normal_endpoints_come_before_degraded_ones_then_those_that_are_down_then_those_that_rest_or_are_open_soonest_first()
    {
        var offers = Offers.Equal(6, _time);
        3.Times(() => offers[0].Fail()); // Open for 5 s.
        offers[1].Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(2));
        Uptime(offers, 2, answered: 15, failed: 10);
        Uptime(offers, 3, answered: 45, failed: 5);
        Uptime(offers, 5, answered: 50, failed: 0);

        Assert.Equal([4, 5, 3, 2, 1, 0], offers.ByHealth());
    }

    [Fact]
    public void If_all_are_open_or_resting_the_one_that_recovers_soonest_is_tried_first()
    {
        var offers = Offers.Equal(3, _time);
        offers[0].Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(30));
        3.Times(() => offers[1].Fail());
        offers[2].Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(10));

        Assert.Equal([1, 2, 0], offers.ByHealth());
    }

    [Fact]
    public void A_plan_probes_one_endpoint_and_the_next_plan_the_other()
    {
        var offers = Offers.Equal(3, _time);
        3.Times(() => offers[1].Fail());
        3.Times(() => offers[2].Fail());
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([1, 0, 2], offers.ByHealth());
        Assert.Equal([2, 0, 1], offers.ByHealth());
        Assert.Equal([0, 1, 2], offers.ByHealth());
    }

    [Fact]
    public void A_router_avoids_a_dead_provider_probes_it_and_returns_to_it()
    {
        var board = new HealthBoard(_time);
        var model = TestPipeline.Model(2);
        var dead = board.For(model, model.Endpoints[0]);
        var planner = new RoutePlanner(new ModelCatalog([model]), new RoutingOptions { Strategy = RoutingStrategies.Price, Health = board });
        Assert.Equal("a", First());

        3.Times(() => dead.Fail());
        Assert.Equal("b", First());

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("a", First());
        Assert.Equal("b", First()); // One probe only.
        dead.Answer();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("a", First());

        string First() => planner.Plan(TestPipeline.ModelId, RoutingPreferences.None, 1).Candidates[0].Endpoint.Provider;
    }

    [Fact]
    public void An_order_of_the_callers_own_stands_whatever_the_health()
    {
        var board = new HealthBoard(_time);
        var model = TestPipeline.Model(2);
        9.Times(() => board.For(model, model.Endpoints[0]).Fail());
        var planner = new RoutePlanner(new ModelCatalog([model]), new RoutingOptions { Health = board });

        var plan = planner.Plan(TestPipeline.ModelId, new RoutingPreferences { Order = ["a", "b"] }, 1);

        Assert.Equal(["a", "b"], plan.Candidates.Select(candidate => candidate.Endpoint.Provider));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_of_a_pipeline_reach_the_health_of_their_endpoints(bool streaming)
    {
        var usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20 };
        var call = new FunctionCallContent("1", "weather") { Exception = new FormatException("No JSON.") };
        var failing = FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down."));
        var answering = FakeChatClient.Playing(call, ChatFinishReason.ToolCalls, usage);
        var catalog = TestPipeline.Catalog(2);
        var routing = TestPipeline.Routing;
        IChatClient client = new RouterChatClient(
            new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(failing, answering))), catalog, routing);

        if (streaming)
            await client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();
        else
            await client.GetResponseAsync("Hi");

        var snapshots = catalog.Models[0].Endpoints.Select(endpoint => routing.Health.For(catalog.Models[0], endpoint).Snapshot()).ToList();
        Assert.Equal((1L, 0L, (double?)null), (snapshots[0].Failed, snapshots[0].Answered, snapshots[0].ToolCallValidity));
        Assert.Equal((0L, 1L, (double?)0), (snapshots[1].Failed, snapshots[1].Answered, snapshots[1].ToolCallValidity));
        Assert.Equal(streaming, snapshots[1].TimeToFirstContent is not null);
        Assert.NotNull(snapshots[1].Throughput);
    }

    // In an order that never fails three times running.
    private static void Uptime(Offers offers, int index, int answered, int failed)
    {
        for (var i = 0; i < answered; i++)
        {
            offers[index].Answer();
            if (i < failed)
                offers[index].Fail();
        }
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Routing.Strategies;

public sealed class BalancedStrategyTests
{
    // A million tokens out and none in makes scores read like OpenRouter's figure, in dollars per million tokens.
    private static readonly RouteRequest Million = new(1) { PromptTokens = 1, OutputTokens = 1_000_000 };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_five_endpoints_of_OpenRouters_figure_get_the_shares_it_shows()
    {
        // Adjusted price plus 100 / TPS: best 2.067, edge 2.688. The figure gives shares; the distances are
        // those at which its curve of preference, which the constants fit, has the preferences behind the shares.
        double[] distances = [0, 0.09, 0.72, 1.25, 1.9];
        var prices = distances.Select(distance => (decimal?)(2.067 + (distance * (2.688 - 2.067)) - 1)).ToArray();
        var offers = Offers.Priced(_time, prices);
        distances.Length.Times(i => offers[i].Answer(wait: 0, total: 1, output: 100)); // 100 / 100 = 1 dollar of waiting.
        var strategy = new BalancedStrategy(Free(new() { RequestsToKnow = 1e-9 }));

        Assert.Equal([35, 34, 22, 7, 2], Percent(strategy, offers, Million));
    }

    [Fact]
    public void Draws_follow_the_shares_and_after_a_failure_the_rest_is_drawn_by_theirs()
    {
        var offers = Offers.Priced(_time, 10, 11, 13);
        var strategy = new BalancedStrategy(new());
        var shares = Shares(strategy, offers, new RouteRequest(1));

        Assert.True(Offers.ChiSquare(offers.Firsts(strategy), shares) < 13.82); // p = 0.001 at two degrees of freedom.

        var seconds = new int[3];
        var drawn = 0;
        for (var seed = 0UL; drawn < Offers.Draws; seed++)
        {
            var order = offers.Order(strategy, seed);
            if (order[0] != 0)
                continue;
            drawn++;
            seconds[order[1]]++;
        }

        Assert.True(Offers.ChiSquare(seconds[1..], shares[1] / (shares[1] + shares[2]), shares[2] / (shares[1] + shares[2])) < 10.83);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(0.1, 0.2)]
    [InlineData(0, 5)]
    public void Before_anything_is_known_nearly_all_go_to_the_cheapest_and_the_others_are_explored(double cheap, double dear)
    {
        var strategy = new BalancedStrategy(new());
        var shares = Shares(strategy, Offers.Priced(_time, (decimal)cheap, (decimal)dear, null), new RouteRequest(1) { PromptTokens = 10, OutputTokens = 500 });

        Assert.True(shares[0] > 0.94, $"{shares[0]}");
        Assert.InRange(shares[1], 0.026, 0.03);
        Assert.Equal(shares[1], shares[2], 6);
    }

    [Fact]
    public void The_worth_of_waiting_grows_with_what_is_known_of_it()
    {
        // Twice the price, but nothing beside the 1.1 thousandths of a dollar that waiting for 10 s and once more for 1 s is worth.
        var offers = Offers.Priced(_time, 0.1m, 0.2m);
        var strategy = new BalancedStrategy(new() { Exploration = 0 });
        var request = new RouteRequest(1) { PromptTokens = 10, OutputTokens = 500 };
        var shares = new List<double> { Shares(strategy, offers, request)[0] };
        foreach (var more in (int[])[1, 10, 100])
        {
            more.Times(() => offers[0].Answer(wait: 1, total: 10, output: 500));
            more.Times(() => offers[1].Answer(wait: 1, total: 10, output: 500));
            shares.Add(Shares(strategy, offers, request)[0]);
        }

        Assert.Equal(shares.OrderDescending(), shares);
        Assert.True(shares[0] > 0.98 && shares[^1] < 0.55, string.Join(' ', shares));
    }

    [Fact]
    public void Endpoints_equal_in_everything_share_equally() =>
        Assert.Equal([25, 25, 25, 25], Percent(new BalancedStrategy(new()), Offers.Equal(4, _time), new RouteRequest(1)));

    [Fact]
    public void A_faster_endpoint_wins_over_a_cheaper_one_when_the_answer_is_long()
    {
        // 20 dollars against 21 per million, but 10 tokens per second against 100.
        var offers = Offers.Priced(_time, 20, 21);
        200.Times(() => offers[0].Answer(wait: 1, total: 10, output: 100));
        200.Times(() => offers[1].Answer(wait: 0.5, total: 1, output: 100));

        var shares = Shares(new BalancedStrategy(new()), offers, new RouteRequest(1));

        Assert.True(shares[1] > 0.6, $"{shares[1]}");
    }

    [Fact]
    public void Scores_count_the_prompt_at_the_share_of_it_that_the_endpoint_caches()
    {
        var price = new Price { Prompt = 10, CacheRead = 1, Completion = 10 };
        var offers = new Offers([Offers.Endpoint(0) with { Price = price }, Offers.Endpoint(1) with { Price = price }], _time);
        100.Times(() => offers[0].Answer(input: 1000, cached: 900));
        100.Times(() => offers[1].Answer(input: 1000, cached: 0));

        var shares = Shares(new BalancedStrategy(new()), offers, new RouteRequest(1) { PromptTokens = 100_000, OutputTokens = 100 });

        Assert.True(shares[0] > 0.9, $"{shares[0]}");
    }

    [Fact]
    public void One_percent_of_errors_costs_eight_percent()
    {
        var options = Free(new() { RequestsToKnow = 0.0001 });
        var troubled = Offers.Priced(_time, 100, 100);
        99_00.Times(() => troubled[0].Answer(wait: 0.001, total: 0.001));
        100.Times(() => troubled[0].Fail());
        10_000.Times(() => troubled[1].Answer(wait: 0.001, total: 0.001));
        var dearer = Offers.Priced(_time, 108, 100);

        var expected = Shares(new BalancedStrategy(options with { UsdPerSecond = 0 }), dearer, Million);
        var shares = Shares(new BalancedStrategy(options with { UsdPerSecond = 0 }), troubled, Million);

        Assert.Equal(expected[0], shares[0], 3);
    }

    [Fact]
    public void Errors_of_a_free_endpoint_count_too()
    {
        var offers = Offers.Priced(_time, 0, 0);
        50.Times(() => offers[0].Answer());
        25.Times(() =>
        {
            offers[0].Fail();
            offers[0].Answer();
            offers[1].Answer();
            offers[1].Answer();
        });

        Assert.True(Shares(new BalancedStrategy(new()), offers, new RouteRequest(1))[0] < 0.06);
    }

    [Fact]
    public void An_unpriced_endpoint_is_taken_for_as_dear_as_the_dearest() =>
        Assert.Equal([90, 5, 5], Percent(new BalancedStrategy(new() { Exploration = 0.15, UsdPerSecond = 0 }), Offers.Priced(_time, 1, 5, null), Million));

    [Fact]
    public void Broken_tool_calls_leave_an_endpoint_exploration_only_and_only_where_tools_are_used()
    {
        var offers = Offers.Priced(_time, 1, 1);
        30.Times(() => offers[0].Answer(badTools: true));
        30.Times(() => offers[1].Answer(tools: true));
        var strategy = new BalancedStrategy(new());

        Assert.Equal([4, 96], Percent(strategy, offers, new RouteRequest(1) { HasTools = true }));
        Assert.Equal([50, 50], Percent(strategy, offers, new RouteRequest(1)));
    }

    [Fact]
    public void After_429s_an_endpoint_gets_less_for_a_while()
    {
        var offers = Offers.Priced(_time, 1, 1);
        offers[0].Fail(FailureKind.RateLimited);
        var strategy = new BalancedStrategy(new() { RefusalUsdPerMillion = 0 });

        Assert.True(Shares(strategy, offers, new RouteRequest(1))[0] < 0.25);

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([50, 50], Percent(strategy, offers, new RouteRequest(1)));
    }

    [Fact]
    public void Load_above_what_the_endpoint_bears_goes_elsewhere()
    {
        var options = new BalancedOptions { RefusalUsdPerMillion = 0, Backoff = TimeSpan.Zero };
        var offers = Offers.Priced(_time, 1, 1);
        10.Times(() => offers[0].Answer());
        offers[0].Fail(FailureKind.RateLimited);
        90.Times(() => offers[0].Answer());
        100.Times(() => offers[1].Answer());

        Assert.True(Shares(new BalancedStrategy(options), offers, new RouteRequest(1))[0] < 0.15);
    }

    [Fact]
    public void A_jump_of_latency_lowers_the_share()
    {
        var offers = Offers.Priced(_time, 1, 1);
        200.Times(() => offers[0].Answer(wait: 0.1, total: 1));
        200.Times(() => offers[1].Answer(wait: 0.1, total: 1));
        3.Times(() => offers[0].Answer(wait: 0.9, total: 1));

        Assert.True(Shares(new BalancedStrategy(new()), offers, new RouteRequest(1))[0] < 0.25);
    }

    private static BalancedOptions Free(BalancedOptions options) => options with { TypicalErrorRate = 0, TypicalLatency = 0 };

    private static double[] Shares(BalancedStrategy strategy, Offers offers, in RouteRequest request)
    {
        var shares = new double[offers.Candidates.Length];
        strategy.Share(offers.Candidates, request, shares);
        Assert.Equal(1, shares.Sum(), 9);
        return shares;
    }

    private static int[] Percent(BalancedStrategy strategy, Offers offers, in RouteRequest request) =>
        [.. Shares(strategy, offers, request).Select(share => (int)Math.Round(share * 100))];
}

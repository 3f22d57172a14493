using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Health;
using MeaiRouter.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Routing.Strategies;

public sealed class StrategiesTests
{
    private readonly ManualTimeProvider _time = new();

    public static TheoryData<string> Names => [.. RoutingStrategies.All.Select(strategy => strategy.Name)];

    [Fact]
    public void Every_strategy_has_its_name() => Assert.Equal(
        ["price-weighted", "balanced", "price", "throughput", "latency", "weighted", "round-robin", "least-busy", "usage", "exacto"],
        RoutingStrategies.All.Select(strategy => strategy.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_strategy_is_found_by_its_name_in_any_case(string name)
    {
        Assert.Equal(name, RoutingStrategies.Find(name)!.Name);
        Assert.Equal(name, RoutingStrategies.Find(name.ToUpperInvariant())!.Name);
        Assert.Null(RoutingStrategies.Find(name + "x"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_strategy_drops_or_duplicates_a_candidate_and_neither_does_health(string name)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var offers = RandomOffers(random, seed % 3 == 0 ? 100 : random.Next(0, 12));
            var candidates = offers.Candidates.ToArray();
            var request = new RouteRequest((ulong)random.NextInt64())
            {
                PromptTokens = random.Next(0, 100_000), OutputTokens = random.Next(0, 4_000), HasTools = random.Next(2) == 0,
            };

            RoutingStrategies.Find(name)!.Order(candidates, request);
            Assert.Equal(Enumerable.Range(0, candidates.Length), Offers.Names(candidates).Order());

            HealthOrder.Apply(candidates, request);
            Assert.Equal(Enumerable.Range(0, candidates.Length), Offers.Names(candidates).Order());
            Assert.Equal(Enumerable.Range(0, candidates.Length), offers.Limited(90, new PercentileCutoffs { P90 = 0.3 }).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_order_except_in_turn(string name)
    {
        var offers = RandomOffers(new Random(5), 20);
        var strategy = RoutingStrategies.Find(name)!;
        var first = offers.Order(strategy, 42);

        Assert.Equal(name != "round-robin", first.SequenceEqual(offers.Order(strategy, 42)));
    }

    [Fact]
    public void Two_routers_do_not_share_their_turns()
    {
        var offers = RandomOffers(new Random(5), 20);

        Assert.Equal(offers.Order(RoutingStrategies.RoundRobin, 42), offers.Order(RoutingStrategies.RoundRobin, 42));
    }

    [Fact]
    public void Price_puts_the_cheapest_first_and_the_unpriced_last() =>
        Assert.Equal([2, 0, 3, 1], Offers.Priced(_time, 2, null, 0, 3).Order(RoutingStrategies.Price));

    [Fact]
    public void Price_weighted_keeps_endpoints_with_an_outage_behind_the_stable_ones()
    {
        // OpenRouter's example: A $1, B $2 with outages, C $3.
        var offers = Offers.Priced(_time, 1, 2, 3);
        3.Times(() => offers[1].Fail());

        var firsts = offers.Firsts(RoutingStrategies.PriceWeighted);

        Assert.Equal(0, firsts[1]);
        Assert.True(Offers.ChiSquare([firsts[0], firsts[2]], 0.9, 0.1) < 10.83, string.Join(", ", firsts));
        Assert.Equal(1, offers.Order(RoutingStrategies.PriceWeighted)[2]);
    }

    [Fact]
    public void Throughput_puts_the_fastest_first_the_untried_before_it_and_the_unmeasured_last()
    {
        var offers = Offers.Equal(4, _time);
        offers[0].Answer(total: 2, output: 100);
        offers[1].Answer(output: 0);
        offers[3].Answer(total: 1, output: 100);

        Assert.Equal([2, 3, 0, 1], offers.Order(RoutingStrategies.Throughput));
    }

    [Fact]
    public void Throughput_remembers_for_two_hours_what_its_five_minutes_have_forgotten()
    {
        var offers = Offers.Equal(2, _time);
        offers[0].Answer(total: 2, output: 100);
        offers[1].Answer(total: 1, output: 100);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal([1, 0], offers.Order(RoutingStrategies.Throughput));
    }

    [Fact]
    public void Latency_is_time_to_first_content_and_not_divided_by_tokens()
    {
        var offers = Offers.Equal(3, _time);
        offers[0].Answer(wait: 2, total: 3, output: 10_000);
        offers[1].Answer(wait: 1, total: 9, output: 1);
        offers[2].Answer(wait: 0.5, total: 60, output: 100);

        Assert.Equal([2, 1, 0], offers.Order(RoutingStrategies.Latency));
    }

    [Fact]
    public void Weighted_draws_by_weight_and_leaves_weight_zero_for_last()
    {
        var offers = new Offers([Offers.Endpoint(0) with { Weight = 3 }, Offers.Endpoint(1) with { Weight = 1 }, Offers.Endpoint(2) with { Weight = 0 }]);

        var firsts = offers.Firsts(RoutingStrategies.Weighted);

        Assert.Equal(0, firsts[2]);
        Assert.True(Offers.ChiSquare(firsts[..2], 0.75, 0.25) < 10.83, string.Join(", ", firsts));
    }

    [Fact]
    public async Task Round_robin_takes_turns_exactly_also_when_asked_from_many_threads()
    {
        var strategy = new RoundRobinStrategy();
        var offers = Offers.Equal(4);
        Assert.Equal([0, 1, 2, 3], offers.Order(strategy));
        Assert.Equal([1, 2, 3, 0], offers.Order(strategy));
        Assert.Equal([2, 3, 0, 1], offers.Order(strategy));
        Assert.Equal([3, 0, 1, 2], offers.Order(strategy));

        var firsts = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(() => offers.Order(strategy)[0])));

        Assert.Equal([100, 100, 100, 100], firsts.CountBy(first => first).OrderBy(count => count.Key).Select(count => count.Value));
    }

    [Fact]
    public void Round_robin_counts_the_turns_of_each_model_apart()
    {
        var strategy = new RoundRobinStrategy();
        var (one, other) = (Offers.Equal(2), Offers.Equal(2));

        Assert.Equal([0, 0, 1, 1], new[] { one, other, one, other }.Select(offers => offers.Order(strategy)[0]));
    }

    [Fact]
    public void Least_busy_spreads_equal_endpoints_evenly_and_at_random()
    {
        var firsts = Offers.Equal(4, _time).Firsts(RoutingStrategies.LeastBusy);

        Assert.True(Offers.ChiSquare(firsts, 0.25, 0.25, 0.25, 0.25) < 16.27, string.Join(", ", firsts)); // p = 0.001 at three.
    }

    [Fact]
    public void Least_busy_balances_attempts_in_flight()
    {
        var offers = Offers.Equal(5, _time);
        var begun = new List<RouteAttempt>();
        for (var i = 0UL; i < 1000; i++)
            begun.Add(Observed.Begin(offers[offers.Order(RoutingStrategies.LeastBusy, i)[0]]));

        Assert.All(Enumerable.Range(0, 5), i => Assert.InRange(offers[i].InFlight, 196, 204));

        begun.ForEach(attempt => attempt.End(AttemptOutcome.Cancelled));
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(0, offers[i].InFlight));
    }

    [Fact]
    public void Least_busy_prefers_the_quicker_of_two_until_it_has_more_in_flight()
    {
        var offers = Offers.Equal(2, _time);
        offers[0].Answer(wait: 1, total: 1);
        offers[1].Answer(wait: 1.45, total: 2);
        4.Times(() => Observed.Begin(offers[0]));
        Assert.Equal(Offers.Draws, offers.Firsts(RoutingStrategies.LeastBusy)[0]);

        Observed.Begin(offers[0]); // 1 + 5 x 10 % is more than 1.45.
        Assert.Equal(Offers.Draws, offers.Firsts(RoutingStrategies.LeastBusy)[1]);
    }

    [Fact]
    public void Usage_prefers_who_is_furthest_below_his_limits()
    {
        var offers = new Offers(
            [
                Offers.Endpoint(0) with { RequestsPerMinute = 10, TokensPerMinute = 1_000_000 },
                Offers.Endpoint(1) with { RequestsPerMinute = 100, TokensPerMinute = 10_000 },
                Offers.Endpoint(2) with { RequestsPerMinute = 100 },
            ],
            _time);
        3.Times(() => offers[0].Answer()); // 3 of 10 requests, and this one.
        6.Times(() => offers[1].Answer(input: 900, output: 100)); // 6,000 of 10,000 tokens.
        30.Times(() => offers[2].Answer()); // 30 of 100 requests, and this one.

        Assert.Equal([2, 0, 1], offers.Order(RoutingStrategies.Usage));

        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(1, offers.Order(RoutingStrategies.Usage, new RouteRequest(1) { PromptTokens = 1 })[0] == 0 ? 0 : 1);
    }

    [Fact]
    public void Exacto_puts_good_endpoints_before_unknown_ones_and_those_before_ones_that_fall_behind()
    {
        // Cheapest first would be 0 to 6. Number 0 writes bad tool calls, 1 is slow, 2 is unknown.
        var offers = Offers.Priced(_time, 1m, 2m, 4m, 1000m, 2000m, 3000m, 4000m);
        220.Times(() =>
        {
            offers[0].Answer(tools: true);
            offers[1].Answer(tools: true, total: 10);
            for (var i = 3; i < 7; i++)
                offers[i].Answer(tools: true);
        });
        60.Times(() => offers[0].Answer(badTools: true));

        for (var seed = 0UL; seed < 100; seed++)
        {
            var order = offers.Order(RoutingStrategies.Exacto, seed);
            Assert.Equal([3, 4, 5, 6], order[..4].Order());
            Assert.Equal(2, order[4]);
            Assert.Equal([0, 1], order[5..].Order());
        }
    }

    [Fact]
    public void Exacto_takes_a_benchmark_into_account_where_one_is_given()
    {
        var offers = Offers.Equal(6, _time);
        for (var i = 0; i < 6; i++)
            200.Times(() => offers[i].Answer(tools: true));
        double?[] scores = [0.9, 0.3, 0.91, null, 0.89, 0.9];
        var strategy = RoutingStrategies.ExactoBy(new() { Benchmark = (_, endpoint) => scores[int.Parse(endpoint.Provider, null)] });

        Assert.Equal([0, 2, 4, 5, 3, 1], offers.Order(strategy));
        Assert.Equal([0, 1, 2, 3, 4, 5], offers.Order(RoutingStrategies.Exacto));
    }

    [Fact]
    public void Exacto_holds_nothing_against_anybody_with_fewer_than_four_peers()
    {
        var offers = Offers.Priced(_time, 0, 1, 2);
        220.Times(() =>
        {
            offers[0].Answer(badTools: true);
            offers[1].Answer(tools: true);
            offers[2].Answer(tools: true);
        });

        Assert.Equal([0, 1, 2], offers.Order(RoutingStrategies.Exacto));
    }

    [Fact]
    public void Endpoints_that_miss_a_preferred_limit_move_behind_the_others_and_unmeasured_ones_do_not()
    {
        var offers = Offers.Equal(5, _time);
        10.Times(() => offers[0].Answer(wait: 0.2, total: 10, output: 100)); // 10 tokens per second.
        10.Times(() => offers[1].Answer(wait: 0.2, total: 1, output: 100));
        10.Times(() => offers[2].Answer(wait: 0.9, total: 1, output: 100));
        9.Times(() => offers[3].Answer(wait: 0.2, total: 1, output: 100));
        offers[3].Answer(wait: 0.2, total: 10, output: 100);

        Assert.Equal([0, 1, 2, 3, 4], offers.Limited(null, null));
        Assert.Equal([1, 2, 3, 4, 0], offers.Limited(new() { P50 = 50 }, null));
        Assert.Equal([1, 2, 4, 0, 3], offers.Limited(new() { P50 = 50, P99 = 50 }, null)); // One in ten of number 3 was slow.
        Assert.Equal([0, 1, 3, 4, 2], offers.Limited(null, new() { P50 = 0.5 }));
        Assert.Equal([1, 3, 4, 0, 2], offers.Limited(new() { P50 = 50 }, new() { P50 = 0.5 }));
    }

    private Offers RandomOffers(Random random, int count)
    {
        var offers = new Offers(
            Enumerable.Range(0, count)
                .Select(i => Offers.Endpoint(i) with
                {
                    Price = random.Next(5) == 0 ? null : Price.PerMillion(random.Next(5), random.Next(5)),
                    Weight = random.Next(4),
                    RequestsPerMinute = random.Next(2) == 0 ? null : random.Next(1, 100),
                })
                .OrderBy(endpoint => endpoint.Price?.Blended ?? decimal.MaxValue),
            _time);
        for (var i = 0; i < count; i++)
        {
            var health = offers[i];
            random.Next(6).Times(() => health.Answer(random.NextDouble(), 1 + random.NextDouble(), random.Next(200), badTools: random.Next(4) == 0));
            random.Next(5).Times(() => health.Fail(random.Next(2) == 0 ? FailureKind.Unavailable : FailureKind.RateLimited));
        }

        return offers;
    }
}

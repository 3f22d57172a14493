using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class PriceWeightedStrategyTests
{
    private const int Draws = 20_000;

    [Fact]
    public void At_prices_1_and_3_the_cheap_endpoint_is_drawn_first_nine_times_out_of_ten()
    {
        var firsts = FirstsOf(1m, 3m);

        Assert.True(ChiSquare(firsts, 0.9, 0.1) < 10.83, $"Drawn {string.Join(", ", firsts)}."); // p = 0.001 at one degree of freedom.
    }

    [Fact]
    public void Weights_are_inverse_squares_of_prices()
    {
        var firsts = FirstsOf(1m, 2m, 4m);

        Assert.True(ChiSquare(firsts, 16 / 21.0, 4 / 21.0, 1 / 21.0) < 13.82, $"Drawn {string.Join(", ", firsts)}."); // p = 0.001 at two.
    }

    [Fact]
    public void The_draw_decides_only_who_is_first_and_the_others_follow_cheapest_first()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var order = Order(seed, 1m, 1.5m, 2m, 2.5m, null);
            var rest = order.Skip(1).ToList();

            Assert.Equal(rest.Order(), rest);
            Assert.Equal([0, 1, 2, 3, 4], order.Order());
        }
    }

    [Fact]
    public void A_free_endpoint_beats_every_priced_one() => Assert.All(Seeds, seed => Assert.Equal([0, 1, 2], Order(seed, 0m, 0.001m, null)));

    [Fact]
    public void An_unpriced_endpoint_is_never_drawn() => Assert.All(Seeds, seed => Assert.Equal(2, Order(seed, 1m, 1m, null)[2]));

    [Fact]
    public void Unpriced_endpoints_alone_stay_in_the_catalogues_order() =>
        Assert.All(Seeds, seed => Assert.Equal([0, 1, 2], Order(seed, null, null, null)));

    [Fact]
    public void The_same_seed_gives_the_same_order() =>
        Assert.All(Seeds, seed => Assert.Equal(Order(seed, 1m, 2m, 3m), Order(seed, 1m, 2m, 3m)));

    [Fact]
    public void A_hundred_endpoints_and_extreme_prices_are_ordered_too()
    {
        var prices = Enumerable.Range(0, 100).Select(i => (decimal?)(0.0000000001m + (i * 1_000_000_000m))).ToArray();

        Assert.All(Seeds, seed => Assert.Equal(Enumerable.Range(0, 100), Order(seed, prices).Order()));
    }

    private static IEnumerable<ulong> Seeds => Enumerable.Range(0, 500).Select(i => (ulong)i * 7919);

    private static int[] FirstsOf(params decimal?[] prices)
    {
        var firsts = new int[prices.Length];
        for (var seed = 0UL; seed < Draws; seed++)
            firsts[Order(seed, prices)[0]]++;
        return firsts;
    }

    private static int[] Order(ulong seed, params decimal?[] prices)
    {
        var model = new Model("m");
        var candidates = prices
            .Select((price, i) => new Candidate(model, new ModelEndpoint($"{i}", "m") { Price = price is { } p ? Price.PerMillion(p, 0) : null }, new EndpointHealth()))
            .ToArray();
        RoutingStrategies.PriceWeighted.Order(candidates, new RouteRequest(seed));
        return [.. candidates.Select(candidate => int.Parse(candidate.Endpoint.Provider, null))];
    }

    private static double ChiSquare(int[] observed, params double[] shares) =>
        observed.Zip(shares, (count, share) => Math.Pow(count - (Draws * share), 2) / (Draws * share)).Sum();
}

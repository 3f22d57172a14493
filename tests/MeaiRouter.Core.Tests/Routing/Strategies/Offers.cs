using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using MeaiRouter.Routing.Resolution;

namespace MeaiRouter.Core.Tests.Routing.Strategies;

/// <summary>Candidates named 0, 1, 2, ... for tests of strategies, and what their draws come to.</summary>
internal sealed class Offers
{
    public const int Draws = 20_000;

    private readonly Candidate[] _candidates;
    private readonly Model _model;

    public Offers(IEnumerable<ModelEndpoint> endpoints, TimeProvider? time = null)
    {
        var board = new HealthBoard(time);
        var model = new Model("m") { Endpoints = [.. endpoints] };
        _model = model;
        _candidates = [.. model.Endpoints.Select(endpoint => new Candidate(model, endpoint, board.For(model, endpoint)))];
    }

    public EndpointHealth this[int index] => _candidates[index].Health;

    public ReadOnlySpan<Candidate> Candidates => _candidates;

    public static Offers Priced(TimeProvider? time, params decimal?[] prices) =>
        new(prices.Select((price, i) => Endpoint(i) with { Price = price is { } p ? Price.PerMillion(0, p) : null }), time);

    public static Offers Equal(int count, TimeProvider? time = null) => new(Enumerable.Range(0, count).Select(Endpoint), time);

    public static ModelEndpoint Endpoint(int index) => new($"{index}", "m");

    public int[] Order(IRoutingStrategy strategy, ulong seed = 1) => Order(strategy, new RouteRequest(seed));

    public int[] Order(IRoutingStrategy strategy, in RouteRequest request)
    {
        var candidates = Candidates.ToArray();
        strategy.Order(candidates, request);
        return Names(candidates);
    }

    /// <summary>The order that health makes of the catalogue's.</summary>
    public int[] ByHealth(ulong seed = 1)
    {
        var candidates = Candidates.ToArray();
        HealthOrder.Apply(candidates, new RouteRequest(seed));
        return Names(candidates);
    }

    /// <summary>The order that the request's wishes for speed make of the catalogue's.</summary>
    public int[] Limited(PercentileCutoffs? minThroughput, PercentileCutoffs? maxLatency)
    {
        var candidates = Candidates.ToArray();
        var preferences = new RoutingPreferences { PreferredMinThroughput = minThroughput, PreferredMaxLatency = maxLatency };
        var routed = new RoutedModel(new RoutableModel(_model, _candidates), RoutingStrategies.Price, ServiceTiers.None, preferences, null);
        PreferredLimits.MoveMissesToEnd(candidates, [routed], null);
        return Names(candidates);
    }

    /// <summary>How often each was first.</summary>
    public int[] Firsts(IRoutingStrategy strategy)
    {
        var firsts = new int[_candidates.Length];
        for (var seed = 0UL; seed < Draws; seed++)
            firsts[Order(strategy, seed)[0]]++;
        return firsts;
    }

    public static int[] Names(IEnumerable<Candidate> candidates) => [.. candidates.Select(candidate => int.Parse(candidate.Endpoint.Provider, null))];

    public static double ChiSquare(int[] observed, params double[] shares) =>
        observed.Zip(shares, (count, share) => Math.Pow(count - (Draws * share), 2) / (Draws * share)).Sum();
}

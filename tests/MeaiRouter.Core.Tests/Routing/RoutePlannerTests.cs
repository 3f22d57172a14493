using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class RoutePlannerTests
{
    private static readonly ModelCatalog Catalog = new(
        [
            new Model("acme/small") { Endpoints = [At("a", 1), At("v", 2, "v/eu"), At("v", 3, "v/us"), At("vw", 4)] },
            new Model("acme/large") { Endpoints = [At("a", 5), At("b", 6)] },
            new Model("acme/bare"),
        ],
        new Dictionary<string, string> { ["fast"] = "acme/small" });

    [Fact]
    public void Without_wishes_every_endpoint_is_a_candidate() =>
        AssertPlan(RoutingPreferences.None, ["a", "v/eu", "v/us", "vw"], []);

    [Fact]
    public void The_order_asked_for_comes_first_and_the_rest_cheapest_first() =>
        AssertPlan(new() { Order = ["VW", "v"] }, ["vw", "v/eu", "v/us", "a"], [], strategy: "order");

    [Fact]
    public void A_slug_with_a_region_means_exactly_that_endpoint() =>
        AssertPlan(new() { Order = ["v/us"] }, ["v/us", "a", "v/eu", "vw"], [], strategy: "order");

    [Fact]
    public void An_order_that_names_one_endpoint_twice_or_none_at_all_changes_nothing_else() =>
        AssertPlan(new() { Order = ["v/us", "nobody", "v"] }, ["v/us", "v/eu", "a", "vw"], [], strategy: "order");

    [Fact]
    public void Only_the_allowed_are_used_and_the_others_say_why_not() => AssertPlan(
        new() { Only = ["V", "a"] }, ["a", "v/eu", "v/us"], ["vw (only) Not among the allowed: V, a."]);

    [Fact]
    public void The_ignored_are_left_out_and_say_so() => AssertPlan(
        new() { Ignore = ["v/eu", "a"] }, ["v/us", "vw"], ["a (ignore) The request ignores it.", "v/eu (ignore) The request ignores it."]);

    [Fact]
    public void What_is_both_allowed_and_ignored_is_ignored() => AssertPlan(
        new() { Only = ["v"], Ignore = ["v/us"] },
        ["v/eu"],
        ["a (only) Not among the allowed: v.", "v/us (ignore) The request ignores it.", "vw (only) Not among the allowed: v."]);

    [Fact]
    public void Without_fallbacks_only_the_first_choice_is_left() => AssertPlan(
        new() { AllowFallbacks = false },
        ["a"],
        [
            "v/eu (allow_fallbacks) The request allows no fallbacks.",
            "v/us (allow_fallbacks) The request allows no fallbacks.",
            "vw (allow_fallbacks) The request allows no fallbacks.",
        ]);

    [Fact]
    public void Without_fallbacks_an_order_is_used_whole_and_nothing_beyond_it() => AssertPlan(
        new() { AllowFallbacks = false, Order = ["vw", "v/us"] },
        ["vw", "v/us"],
        ["a (allow_fallbacks) The request allows no fallbacks.", "v/eu (allow_fallbacks) The request allows no fallbacks."],
        strategy: "order");

    [Fact]
    public void Without_fallbacks_further_models_are_left_out_too() => AssertPlan(
        new() { AllowFallbacks = false, Models = ["acme/small"] },
        ["a"],
        [
            "b (allow_fallbacks) The request allows no fallbacks.",
            "a (allow_fallbacks) The request allows no fallbacks.",
            "v/eu (allow_fallbacks) The request allows no fallbacks.",
            "v/us (allow_fallbacks) The request allows no fallbacks.",
            "vw (allow_fallbacks) The request allows no fallbacks.",
        ],
        model: "acme/large");

    [Fact]
    public void Further_models_follow_the_one_asked_for() =>
        AssertPlan(new() { Models = ["acme/small"] }, ["a", "b", "a", "v/eu", "v/us", "vw"], [], model: "acme/large");

    [Fact]
    public void A_list_of_models_needs_no_model_besides() =>
        AssertPlan(new() { Models = ["acme/large", "acme/bare"] }, ["a", "b"], [], model: null, named: "acme/large");

    [Theory]
    [InlineData("acme/small", "ACME/small")]
    [InlineData("acme/small", "fast")]
    [InlineData("fast", "acme/small")]
    public void A_model_named_twice_is_tried_once(string first, string again) =>
        AssertPlan(new() { Models = [again], Ignore = ["a"] }, ["v/eu", "v/us", "vw"], ["a (ignore) The request ignores it."], model: first);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void A_request_without_a_model_gets_the_default(string? model) => Assert.Equal(
        "acme/large",
        new RoutePlanner(Catalog, new RoutingOptions { DefaultModel = "acme/large" }).Plan(model, RoutingPreferences.None, 1).RequestedModel);

    [Fact]
    public void A_request_without_a_model_and_without_a_default_is_refused_with_the_remedy() => AssertRefused(
        FailureKind.InvalidRequest,
        "The request names no model, and there is no default. Set 'model' (ChatOptions.ModelId), or give the router a DefaultModel.",
        null,
        RoutingPreferences.None);

    [Theory]
    [InlineData("small", "'small' is not a model of the catalogue. Did you mean 'acme/small'?")]
    [InlineData("fats", "'fats' is not a model of the catalogue. Did you mean 'fast'?")]
    [InlineData("zzzzzzzzzzzz", "'zzzzzzzzzzzz' is not a model of the catalogue.")]
    public void An_unknown_model_is_refused_with_what_was_probably_meant(string model, string message)
    {
        AssertRefused(FailureKind.UnknownModel, message, model, RoutingPreferences.None);
        AssertRefused(FailureKind.UnknownModel, message, "acme/small", new() { Models = [model] });
    }

    [Fact]
    public void A_model_without_endpoints_is_refused() => AssertRefused(
        FailureKind.NoEndpoint,
        "No endpoint may serve acme/bare. The catalogue has no endpoint for it.",
        "acme/bare",
        RoutingPreferences.None);

    [Fact]
    public void When_everything_is_left_out_the_refusal_says_what_by_what() => AssertRefused(
        FailureKind.NoEndpoint,
        "No endpoint may serve acme/large. a/m (only): Not among the allowed: b. b/m (ignore): The request ignores it. " +
        "Without only, a/m could; without ignore, b/m could.",
        "acme/large",
        new() { Only = ["b"], Ignore = ["b"] });

    [Fact]
    public void Every_endpoint_of_the_requested_models_is_either_a_candidate_or_left_out_with_a_reason()
    {
        var random = new Random(3);
        string[] names = ["m0", "alias", "m1", "m2"];
        string[] slugs = ["p0", "p1", "p2", "p3", "p1/eu", "p2/us", "nobody"];
        IReadOnlyList<string> Some() => [.. slugs.Where(_ => random.Next(4) == 0)];

        for (var round = 0; round < 2_000; round++)
        {
            var catalog = new ModelCatalog(
                Enumerable.Range(0, 3).Select(m => new Model($"m{m}")
                {
                    Endpoints = [.. slugs.SkipLast(1).Where(_ => random.Next(2) == 0).Select(tag => At(tag.Split('/')[0], random.Next(4), tag))],
                }),
                new Dictionary<string, string> { ["alias"] = "m1" });
            var preferences = new RoutingPreferences
            {
                Models = [.. names.Where(_ => random.Next(2) == 0)],
                Order = Some(), Only = Some(), Ignore = Some(), AllowFallbacks = random.Next(2) == 0,
            };
            var expected = preferences.Models.Select(entry => entry.Model).Prepend("m0").Select(name => catalog.Find(name)!).Distinct()
                .SelectMany(model => model.Endpoints.Select(endpoint => (model, endpoint))).ToList();

            try
            {
                var planner = new RoutePlanner(catalog, new RoutingOptions());
                var plan = planner.Plan("m0", preferences, (ulong)round);
                var seen = plan.Candidates.Select(candidate => (candidate.Model, candidate.Endpoint))
                    .Concat(plan.Excluded.Select(excluded => (excluded.Model, excluded.Endpoint))).ToList();

                Assert.Equal(expected.Count, seen.Count);
                Assert.Equal(expected.ToHashSet(), seen.ToHashSet());
                Assert.All(plan.Excluded, excluded => Assert.False(string.IsNullOrEmpty(excluded.Filter) || string.IsNullOrEmpty(excluded.Reason)));

                var again = planner.Plan("m0", preferences, plan.Seed);
                Assert.Equal(plan.Candidates, again.Candidates);
            }
            catch (RouterException refused)
            {
                Assert.Equal(FailureKind.NoEndpoint, refused.Kind);
                Assert.All(expected, pair => Assert.Contains(pair.endpoint.ToString(), refused.Message, StringComparison.Ordinal));
            }
        }
    }

    private static ModelEndpoint At(string provider, int price, string? tag = null) =>
        new(provider, "m") { Tag = tag ?? provider, Price = Price.PerMillion(price, 0) };

    private static void AssertPlan(
        RoutingPreferences preferences, string[] candidates, string[] excluded, string strategy = "cheapest-first", string? model = "acme/small",
        string? named = null)
    {
        var plan = new RoutePlanner(Catalog, new RoutingOptions { Strategy = new CheapestFirst() }).Plan(model, preferences, 42);

        Assert.Equal(candidates, plan.Candidates.Select(candidate => candidate.Endpoint.Tag));
        Assert.Equal(
            excluded.Order(),
            plan.Excluded.Select(e => $"{e.Endpoint.Tag} ({e.Filter}) {e.Reason}").Order());
        Assert.Equal((named ?? model, strategy, 42UL), (plan.RequestedModel, plan.Strategy, plan.Seed));
    }

    private static void AssertRefused(FailureKind kind, string message, string? model, RoutingPreferences preferences)
    {
        var refused = Assert.Throws<RouterException>(() => new RoutePlanner(Catalog, new RoutingOptions()).Plan(model, preferences, 1));

        Assert.Equal((kind, message), (refused.Kind, refused.Message));
    }
}

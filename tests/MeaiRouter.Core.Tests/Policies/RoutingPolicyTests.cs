using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Policies;

public sealed class RoutingPolicyTests
{
    private static readonly ModelCatalog Catalog = new(
    [
        new Model("acme/small") { Endpoints = [At("a", 1, "eu", "none", false), At("b", 2, "us", "30 days", false), At("c/eu", 3, "eu", null, null), At("c/priority", 4, null, null, true)] },
        new Model("acme/large") { Endpoints = [At("a", 5, "eu", "none", false), At("b", 6, "us", "30 days", false)] },
        new Model("zeta/one") { Endpoints = [At("d", 7, "eu,us", "none", false)] },
    ]);

    [Fact]
    public void Models_providers_and_regions_that_a_policy_does_not_allow_are_left_out_with_its_name()
    {
        AssertLeftOut(new() { Name = "team", AllowedModels = ["acme/*", "x"] }, "zeta/one d", "policy_models", "Its model is not among those team allows: acme/*, x.");
        AssertLeftOut(new() { Name = "team", IgnoredModels = ["*/one"] }, "zeta/one d", "policy_models", "Its model is one that team forbids.");
        AssertLeftOut(new() { Name = "team", AllowedProviders = ["a", "b", "c"] }, "zeta/one d", "policy_providers", "Its provider is not among those team allows: a, b, c.");
        AssertLeftOut(new() { IgnoredProviders = ["D"] }, "zeta/one d", "policy_providers", "Its provider is one that policy forbids.");
        AssertLeftOut(new() { Regions = ["us", "EU"] }, "acme/small c/priority", "data_region", "Its region is not known, and policy allows us, EU only. Set Regions of its provider.");
        AssertLeftOut(new() { MaxPrice = new() { Prompt = 6 } }, "zeta/one d", "max_price", "It charges $7 per million input tokens, and the ceiling is $6.");
    }

    [Fact]
    public void An_endpoint_that_also_computes_elsewhere_is_not_in_the_region() => Assert.Equal(
        ["b (data_region) It computes in us, and policy allows eu only.", "b (data_region) It computes in us, and policy allows eu only.",
            "c/priority (data_region) Its region is not known, and policy allows eu only. Set Regions of its provider.", "d (data_region) It computes in eu, us, and policy allows eu only."],
        Explain(new ChatOptions().WithPolicy(new() { Regions = ["eu"] })).Reasons().Order());

    [Fact]
    public void A_policy_about_a_provider_covers_its_tiers_too() => Assert.DoesNotContain(
        "acme/small c/priority", Explain(new ChatOptions().WithPolicy(new() { IgnoredProviders = ["c"] })).ModelsAndTags());

    [Fact]
    public void Zero_retention_and_denied_collection_hold_if_anybody_demands_them()
    {
        string[] zero = ["acme/small a", "acme/large a", "zeta/one d"];
        string[] noTraining = ["acme/small a", "acme/small b", "acme/large a", "acme/large b", "zeta/one d"];
        var zdr = new RoutingPolicy { ZeroDataRetention = true };
        var deny = new RoutingPolicy { DataCollection = DataCollection.Deny };

        Assert.Equal(zero, Explain(new ChatOptions().WithPolicy(zdr)).ModelsAndTags());
        Assert.Equal(zero, Explain(new ChatOptions(), zdr).ModelsAndTags());
        Assert.Equal(zero, Explain(new ChatOptions().WithPolicy(new()), zdr).ModelsAndTags());
        Assert.Equal(noTraining, Explain(new ChatOptions().WithPolicy(deny)).ModelsAndTags());
        Assert.Equal(noTraining, Explain(new ChatOptions(), deny, new() { DataCollection = DataCollection.Allow }).ModelsAndTags());
    }

    [Fact]
    public void Allowlists_intersect_and_ignore_lists_unite()
    {
        var app = new RoutingPolicy { AllowedModels = ["acme/*"], IgnoredProviders = ["b"] };

        Assert.Equal(
            ["acme/small a"], Explain(new ChatOptions().WithPolicy(new() { AllowedModels = ["*/small", "zeta/*"] }).WithPolicy(new() { IgnoredProviders = ["c"] }), app).ModelsAndTags());
        Assert.Equal(["acme/large a"], Explain(new ChatOptions().WithPolicy(new() { IgnoredModels = ["acme/small"] }), app).ModelsAndTags());
    }

    [Fact]
    public void The_lowest_ceiling_counts_in_each_part()
    {
        var app = new RoutingPolicy { MaxPrice = new() { Prompt = 5, Completion = 100 } };

        Assert.Equal(["acme/small a"], Explain(new ChatOptions().WithPolicy(new() { MaxPrice = new() { Prompt = 9, Completion = 15 } }), app).ModelsAndTags());
        Assert.Equal(
            ["acme/small a", "acme/small b"],
            Explain(new ChatOptions().WithPolicy(new() { MaxPrice = new() { Prompt = 9 } }), app, new() { MaxPrice = new() { Prompt = 2, Request = 1 } }).ModelsAndTags());
    }

    [Fact]
    public void The_lowest_of_two_ceilings_is_taken_part_by_part()
    {
        var left = new PriceCeiling { Prompt = 1, Completion = 2, Request = 3 };
        var right = new PriceCeiling { Prompt = 2, Completion = 1, Image = 4, Audio = 5 };

        Assert.Equal(new() { Prompt = 1, Completion = 1, Request = 3, Image = 4, Audio = 5 }, PriceCeiling.Lowest(left, right));
        Assert.Equal(PriceCeiling.Lowest(right, left), PriceCeiling.Lowest(left, right));
        Assert.Equal(left, PriceCeiling.Lowest(left, null));
        Assert.Equal(right, PriceCeiling.Lowest(null, right));
        Assert.Null(PriceCeiling.Lowest(null, null));
    }

    [Fact]
    public void Policies_combine_in_any_order_repeated_or_not_and_only_ever_tighten()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            var (a, b, c) = (RandomPolicies.Next(random), RandomPolicies.Next(random), RandomPolicies.Next(random));

            var ab = Left([a, b], null);
            Assert.Equal(ab, Left([b, a], null));
            Assert.Equal(ab, Left([b], a));
            Assert.Equal(ab, Left([a, b, a], b));
            Assert.Equal(Left([a], null).Intersect(Left([b], null)).Order(), ab);
            Assert.Subset(ab.ToHashSet(), Left([a, b, c], null).ToHashSet());
        }
    }

    private static IReadOnlyList<string> Left(RoutingPolicy[] own, RoutingPolicy? app)
    {
        var options = new ChatOptions();
        foreach (var policy in own)
            options.WithPolicy(policy);
        try
        {
            return [.. Explain(options, app).ModelsAndTags().Order()];
        }
        catch (MeaiRouter.Attempts.RouterException)
        {
            return [];
        }
    }

    private static void AssertLeftOut(RoutingPolicy policy, string endpoint, string filter, string reason)
    {
        foreach (var plan in new[] { Explain(new ChatOptions().WithPolicy(policy)), Explain(new ChatOptions(), policy) })
        {
            var excluded = Assert.Single(plan.Excluded);
            Assert.Equal((endpoint, filter, reason), ($"{excluded.Model} {excluded.Endpoint.Tag}", excluded.Filter, excluded.Reason));
        }
    }

    // With the tier admitted, so that every endpoint takes part.
    private static RoutePlan Explain(ChatOptions options, RoutingPolicy? app = null, RoutingPreferences? preferences = null)
    {
        options.ModelId = "acme/small:nitro";
        options.WithRouting((preferences ?? RoutingPreferences.None) with { Models = ["acme/large", "zeta/one"], Strategy = "cheapest-first" });
        return Catalog.Explain(options, new() { Strategy = new CheapestFirst(), Strategies = [new CheapestFirst(), new Nitro()], Policy = app });
    }

    private static ModelEndpoint At(string tag, int price, string? regions, string? retention, bool? training) => new(tag.Split('/')[0], "m")
    {
        Tag = tag,
        Price = Price.PerMillion(price, 10 * price),
        Regions = regions?.Split(',') ?? [],
        DataPolicy = new() { Retention = retention, Training = training },
    };

    /// <summary>What <c>:nitro</c> asks for, without its order.</summary>
    private sealed class Nitro : IRoutingStrategy
    {
        public string Name => "throughput";

        public void Order(Span<Candidate> candidates, in RouteRequest request)
        {
        }
    }
}

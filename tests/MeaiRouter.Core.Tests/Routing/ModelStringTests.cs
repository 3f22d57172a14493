using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class ModelStringTests
{
    private static readonly ModelCatalog Catalog = new(
        [
            Dated("acme/large-4", 2024),
            Dated("acme/large-4.5", 2025),
            Dated("acme/large-5:free", 2026),
            Dated("acme/5-large-mini", 2026),
            Dated("acme/3.5-small", 2023),
            Dated("acme/small-v4", 2024),
            Dated("zeta/one-1", null),
            Dated("zeta/two-1", null),
            Dated("zeta/two-2", null),
        ],
        new Dictionary<string, string> { ["big"] = "acme/large-4", ["quick"] = "acme/large-4:nitro", ["gratis"] = "acme/large-5:free:floor" });

    [Theory]
    [InlineData("acme/large", "acme/large", null, null)]
    [InlineData("acme/large:free", "acme/large:free", null, null)]
    [InlineData("acme/large:nitro", "acme/large", RoutingVariant.Nitro, null)]
    [InlineData("acme/large:free:nitro", "acme/large:free", RoutingVariant.Nitro, null)]
    [InlineData("acme/large:nitro:free", "acme/large:free", RoutingVariant.Nitro, null)]
    [InlineData("acme/large:nitro:free:FLOOR", "acme/large:free", RoutingVariant.Floor, null)]
    [InlineData("acme/large:floor:exacto", "acme/large", RoutingVariant.Exacto, null)]
    [InlineData("@preset/bot", "", null, "bot")]
    [InlineData("acme/large:free:nitro@preset/bot", "acme/large:free", RoutingVariant.Nitro, "bot")]
    [InlineData("acme/large:nitro@preset/bot:floor", "acme/large", RoutingVariant.Floor, "bot")]
    [InlineData("~acme/large-latest:floor", "~acme/large-latest", RoutingVariant.Floor, null)]
    public void A_name_is_taken_apart_and_the_last_sort_wins(string name, string id, RoutingVariant? variant, string? preset) =>
        Assert.Equal(new ModelName(id, variant, preset), ModelName.Parse(name));

    [Theory]
    [InlineData("acme/large-4", "acme/large-4", "cheapest-first")]
    [InlineData("big", "acme/large-4", "cheapest-first")]
    [InlineData("acme/large-4:nitro", "acme/large-4", "throughput")]
    [InlineData("acme/large-4:floor", "acme/large-4", "price")]
    [InlineData("acme/large-4:exacto", "acme/large-4", "exacto")]
    [InlineData("BIG:Floor:Nitro", "acme/large-4", "throughput")]
    [InlineData("quick", "acme/large-4", "throughput")]
    [InlineData("quick:floor", "acme/large-4", "price")]
    [InlineData("acme/large-5:exacto:free", "acme/large-5:free", "exacto")]
    [InlineData("gratis", "acme/large-5:free", "price")]
    [InlineData("~acme/large-latest", "acme/large-4.5", "cheapest-first")]
    [InlineData("~ACME/small-latest:nitro", "acme/small-v4", "throughput")]
    [InlineData("~acme/large-mini-latest", "acme/5-large-mini", "cheapest-first")]
    [InlineData("~zeta/one-latest", "zeta/one-1", "cheapest-first")]
    public void A_name_stands_for_a_model_and_a_way_to_choose(string name, string model, string strategy)
    {
        var plan = Catalog.Explain(new() { ModelId = name }, Routing());

        Assert.Equal((name, model, strategy), (plan.RequestedModel, Assert.Single(plan.Candidates).Model.Id, plan.Strategy));
    }

    [Theory]
    [InlineData("acme/larg-4", "'acme/larg-4' is not a model of the catalogue. Did you mean 'acme/large-4' or 'acme/large-4.5'?")]
    [InlineData("acme/large-4:free", "'acme/large-4:free' is not a model of the catalogue. Did you mean 'acme/large-4'?")]
    [InlineData("acme/large-4.5:thinking", "'acme/large-4.5:thinking' is not a model of the catalogue. Did you mean 'acme/large-4.5'?")]
    [InlineData("gratis:thinking", "'gratis:thinking' is not a model of the catalogue. Did you mean 'gratis'?")]
    [InlineData("xyz", "'xyz' is not a model of the catalogue.")]
    [InlineData("~acme/larg-latest", "The catalogue has no model of the family 'acme/larg'. Did you mean '~acme/large-latest', '~acme/small-latest' or '~acme/large-mini-latest'?")]
    [InlineData("~acme/large", "'~acme/large' is not a name of a family: those are written ~author/family-latest.")]
    [InlineData("~zeta/two-latest", "Nothing says which model of the family 'zeta/two' is the newest. Give them a Created: zeta/two-1, zeta/two-2.")]
    public void A_name_that_stands_for_nothing_is_refused_with_the_nearest(string name, string message)
    {
        var refused = Catalog.Refuse(new() { ModelId = name }, Routing());

        Assert.Equal((FailureKind.UnknownModel, message), (refused.Kind, refused.Message));
    }

    [Fact]
    public void A_variant_that_stands_for_nothing_is_refused_with_the_model_and_the_variants_it_has()
    {
        var catalog = new ModelCatalog([Dated("acme/small", null), Dated("acme/small:free", null), Dated("acme/smaller", null)]);

        Assert.Equal(
            "'acme/small:thinking' is not a model of the catalogue. Did you mean 'acme/small' or 'acme/small:free'?",
            catalog.Refuse(new() { ModelId = "acme/small:thinking" }, Routing()).Message);
    }

    [Fact]
    public void Each_model_of_a_list_has_its_own_variant()
    {
        var plan = Catalog.Explain(
            new ChatOptions { ModelId = "acme/large-4:nitro" }.WithRouting(new() { Models = ["acme/small-v4:floor", "acme/large-4:floor"] }), Routing());

        Assert.Equal(["acme/large-4 p", "acme/small-v4 p"], plan.ModelsAndTags());
    }

    [Fact]
    public void The_default_model_may_have_a_variant() => Assert.Equal(
        "price", Catalog.Explain(new(), new RoutingOptions { DefaultModel = "big:floor", Strategies = Strategies }).Strategy);

    [Fact]
    public void A_strategy_that_is_not_there_is_refused_with_those_that_are()
    {
        var routing = new RoutingOptions { Strategies = [new NamedStrategy("price"), new NamedStrategy("mine")] };

        var refused = Catalog.Refuse(new ChatOptions { ModelId = "big" }.WithRouting(new() { Strategy = "yours" }), routing);

        Assert.Equal(
            (FailureKind.InvalidRequest, "'yours' is not a strategy of this router. Its strategies are: price, mine."),
            (refused.Kind, refused.Message));
    }

    [Theory]
    [InlineData("big", null, null, "cheapest-first")]
    [InlineData("big", null, "mine", "mine")]
    [InlineData("big", EndpointSort.Latency, "mine", "latency")]
    [InlineData("big:nitro", null, "mine", "throughput")]
    [InlineData("big:exacto", EndpointSort.Price, null, "price")]
    [InlineData("big:nitro", EndpointSort.Latency, "mine", "latency")]
    public void A_sort_wins_over_a_variant_and_both_over_a_strategy(string model, EndpointSort? sort, string? strategy, string expected)
    {
        var preferences = new RoutingPreferences { Sort = sort is { } by ? new SortPreference(by) : null, Strategy = strategy };

        Assert.Equal(expected, Catalog.Explain(new ChatOptions { ModelId = model }.WithRouting(preferences), Routing()).Strategy);
    }

    private static IReadOnlyList<IRoutingStrategy> Strategies =>
        [new NamedStrategy("price"), new NamedStrategy("throughput"), new NamedStrategy("latency"), new NamedStrategy("exacto"), new NamedStrategy("mine")];

    private static RoutingOptions Routing() => new() { Strategy = new CheapestFirst(), Strategies = Strategies };

    private static Model Dated(string id, int? year) => new(id)
    {
        Created = year is { } y ? new DateTimeOffset(y, 1, 1, 0, 0, 0, TimeSpan.Zero) : null,
        Endpoints = [new ModelEndpoint("p", "m") { Price = Price.PerMillion(1, 1) }],
    };
}

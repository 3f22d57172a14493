using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class ServiceTierTests
{
    private const string AskForPriority = "by service_tier, by :nitro, or by its whole slug.";
    private const string AskForFlex = "by service_tier, by :floor, or by its whole slug.";

    private static readonly ModelCatalog Catalog = new([new Model("m")
    {
        Endpoints = [At("openai/flex", 1), At("openai", 2), At("vertex/eu", 3), At("openai/priority", 4), At("vertex/eu/priority", 5)],
    }]);

    [Fact]
    public void Endpoints_of_a_tier_serve_only_who_asks_and_say_how()
    {
        var plan = Explain(new());

        Assert.Equal(["openai", "vertex/eu"], plan.Tags());
        Assert.Equal(
            [
                $"openai/flex (service_tier) Its service tier must be asked for: {AskForFlex}",
                $"openai/priority (service_tier) Its service tier must be asked for: {AskForPriority}",
                $"vertex/eu/priority (service_tier) Its service tier must be asked for: {AskForPriority}",
            ],
            plan.Reasons());
    }

    [Theory]
    [InlineData("m:nitro", "openai openai/priority vertex/eu vertex/eu/priority")]
    [InlineData("m:floor", "openai openai/flex vertex/eu")]
    [InlineData("m:floor:nitro", "openai openai/priority vertex/eu vertex/eu/priority")]
    [InlineData("m:exacto", "openai vertex/eu")]
    public void Variants_admit_the_tier_that_suits_them(string model, string tags) => Assert.Equal(tags, string.Join(' ', Explain(new(), model).Tags().Order()));

    [Theory]
    [InlineData("\"priority\"", "openai/priority vertex/eu/priority openai vertex/eu")]
    [InlineData("\"Flex\"", "openai/flex")]
    [InlineData("\"default\"", "openai vertex/eu")]
    [InlineData("1", "openai vertex/eu")]
    public void The_request_can_ask_for_a_tier(string tier, string tags)
    {
        var body = JsonElement.Parse($$"""{ "service_tier": {{tier}} }""");
        var options = new ChatOptions { ModelId = "m", AdditionalProperties = new() { ["extra_body"] = body } };

        Assert.Equal(tags, string.Join(' ', Catalog.Explain(options, new() { Strategy = new CheapestFirst() }).Tags()));
    }

    [Fact]
    public void Flex_is_no_restriction_where_the_model_has_none()
    {
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [At("openai", 1), At("vertex", 2)] }]);
        var options = new ChatOptions { ModelId = "m", AdditionalProperties = new() { ["extra_body"] = JsonElement.Parse("{ \"service_tier\": \"flex\" }") } };

        Assert.Equal(["openai", "vertex"], catalog.Explain(options, new() { Strategy = new CheapestFirst() }).Tags());
    }

    [Fact]
    public void Base_slugs_never_mean_a_tier_and_whole_slugs_do()
    {
        Assert.Equal(["openai"], Explain(new() { Only = ["openai"] }).Tags());
        Assert.Equal(["openai"], Explain(new() { Only = ["openai"] }, "m:nitro").Tags());
        Assert.Equal(["openai", "openai/priority"], Explain(new() { Only = ["openai", "OpenAI/priority"] }).Tags());
        Assert.Equal(["vertex/eu"], Explain(new() { Only = ["vertex"] }, "m:nitro").Tags());
        Assert.Equal(["openai/flex", "openai", "vertex/eu"], Explain(new() { Order = ["openai/flex"] }).Tags());
        Assert.Equal(["openai/priority", "vertex/eu/priority"], Explain(new() { Ignore = ["openai", "vertex"] }, "m:nitro").Tags());
        Assert.Equal(["openai", "vertex/eu", "vertex/eu/priority"], Explain(new() { Ignore = ["openai/priority"] }, "m:nitro").Tags());
    }

    [Fact]
    public void A_tier_that_nobody_asked_for_is_a_reason_only_where_there_is_nothing_else()
    {
        var onlyTiers = new ModelCatalog([new Model("m") { Endpoints = [At("openai/flex", 1)] }]);

        Assert.Equal(
            ["data_policy:zdr"], Catalog.Refuse(new ChatOptions { ModelId = "m" }.WithRouting(new() { ZeroDataRetention = true }), new()).ExcludedBy);
        Assert.Equal(["service_tier"], onlyTiers.Refuse(new() { ModelId = "m" }, new()).ExcludedBy);
    }

    [Fact]
    public void An_order_switches_the_admission_by_variants_off()
    {
        var plan = Explain(new() { Order = ["vertex"] }, "m:nitro");

        Assert.Equal(["vertex/eu", "openai"], plan.Tags());
        Assert.Equal("order", plan.Strategy);
    }

    private static RoutePlan Explain(RoutingPreferences preferences, string model = "m") => Catalog.Explain(
        new ChatOptions { ModelId = model }.WithRouting(preferences),
        new() { Strategy = new CheapestFirst(), Strategies = [new NamedStrategy("throughput"), new NamedStrategy("price"), new NamedStrategy("exacto")] });

    private static ModelEndpoint At(string tag, int price) => new(tag.Split('/')[0], "m") { Tag = tag, Price = Price.PerMillion(price, 0) };
}

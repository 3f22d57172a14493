using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class SortTests
{
    private static readonly ModelCatalog Catalog = new(
        [new Model("m") { Endpoints = [At("d", 1), At("b", 4), At("f", null)] }, new Model("n") { Endpoints = [At("c", 2), At("a", 3), At("e", 4)] }]);

    [Fact]
    public void By_default_the_endpoints_of_each_model_are_sorted_apart()
    {
        var strategy = new NamedStrategy("price");

        var plan = Explain(strategy, new() { Models = ["n"], Sort = EndpointSort.Price });

        Assert.Equal(["m b", "m d", "m f", "n a", "n c", "n e"], plan.ModelsAndTags());
        Assert.Equal(["c", "a", "e"], strategy.Given);
        Assert.Equal("price", plan.Strategy);
    }

    [Fact]
    public void Without_a_partition_the_endpoints_of_all_models_are_sorted_together_from_the_cheapest_on()
    {
        var strategy = new NamedStrategy("throughput");

        var plan = Explain(strategy, new() { Models = ["n"], Sort = new(EndpointSort.Throughput, SortPartition.None) });

        Assert.Equal(["n a", "m b", "n c", "m d", "n e", "m f"], plan.ModelsAndTags());
        Assert.Equal(["d", "c", "a", "b", "e", "f"], strategy.Given);
    }

    [Fact]
    public void Without_a_partition_the_best_of_all_models_is_the_only_one_where_no_fallback_is_allowed()
    {
        var plan = Explain(
            new NamedStrategy("latency"), new() { Models = ["n"], Sort = new(EndpointSort.Latency, SortPartition.None), AllowFallbacks = false });

        Assert.Equal(["n a"], plan.ModelsAndTags());
        Assert.Equal(5, plan.Excluded.Count);
    }

    [Fact]
    public void Without_a_partition_an_order_names_endpoints_of_all_models()
    {
        var plan = Explain(new NamedStrategy("price"), new() { Models = ["n"], Order = ["e", "f"], Sort = new(EndpointSort.Price, SortPartition.None) });

        Assert.Equal(["n e", "m f", "m d", "n c", "n a", "m b"], plan.ModelsAndTags());
    }

    [Fact]
    public void A_strategy_is_told_the_size_of_prompt_and_answer_and_whether_there_are_tools()
    {
        var strategy = new NamedStrategy("mine");
        var routing = new RoutingOptions { Strategy = strategy };

        Catalog.Explain(new() { ModelId = "m" }, routing, new ChatMessage(ChatRole.User, new string('x', 400)));
        Assert.Equal((104, 500, false), (strategy.Told.PromptTokens, strategy.Told.OutputTokens, strategy.Told.HasTools));

        // The tool's name, web_search, is part of the prompt.
        Catalog.Explain(new() { ModelId = "m", MaxOutputTokens = 50, Tools = [new HostedWebSearchTool()] }, routing, new ChatMessage(ChatRole.User, ""));
        Assert.Equal((7, 50, true), (strategy.Told.PromptTokens, strategy.Told.OutputTokens, strategy.Told.HasTools));
    }

    private static RoutePlan Explain(NamedStrategy strategy, RoutingPreferences preferences) =>
        Catalog.Explain(new ChatOptions { ModelId = "m" }.WithRouting(preferences), new() { Strategies = [strategy] });

    private static ModelEndpoint At(string tag, int? price) => new("p", "m") { Tag = tag, Price = price is { } p ? Price.PerMillion(p, 0) : null };
}

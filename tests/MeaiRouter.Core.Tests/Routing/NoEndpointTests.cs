using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

/// <summary>What a request is told that no endpoint may serve.</summary>
public sealed class NoEndpointTests
{
    private static readonly ModelCatalog Catalog = new(
    [
        new Model("m")
        {
            Endpoints = [new ModelEndpoint("a", "x") { Price = Price.PerMillion(1, 1) }, new ModelEndpoint("b", "x") { Price = Price.PerMillion(9, 9), Quantization = "fp8" }],
        },
        new Model("n") { ContextLength = 10, Endpoints = [new ModelEndpoint("c", "y")] },
    ]);

    [Fact]
    public void The_one_rule_that_could_give_way_is_named() => AssertRefused(
        "No endpoint may serve m. a/x (quantizations): Its weights are unknown, and the request allows fp8. " +
        "b/x (max_price): It charges $9 per million input tokens, and the ceiling is $5. " +
        "Without quantizations, a/x could; without max_price, b/x could.",
        ["quantization", "max_price"],
        new() { Quantizations = ["fp8"], MaxPrice = new() { Prompt = 5 } });

    [Fact]
    public void Where_one_rule_keeps_several_out_their_number_is_given() => AssertRefused(
        "No endpoint may serve m. a/x, b/x (data_policy:zdr): It is not known whether it keeps prompts. Without data_policy:zdr, a/x and 1 more could.",
        ["data_policy:zdr"],
        new() { ZeroDataRetention = true });

    [Fact]
    public void Where_no_single_rule_decides_that_is_said() => AssertRefused(
        "No endpoint may serve m. a/x, b/x (data_policy:zdr): It is not known whether it keeps prompts. " +
        "No single one of these rules stands in the way: at least two would have to give way.",
        ["data_policy:zdr"],
        new() { ZeroDataRetention = true, DataCollection = DataCollection.Deny });

    [Fact]
    public void All_requested_models_are_named_with_the_reasons_of_each() => AssertRefused(
        "No endpoint may serve m, n. a/x, b/x (only): Not among the allowed: c. " +
        "c/y (context_length): The prompt of about 104 tokens and an answer of 0 exceed its context of 10. " +
        "Without context_length, c/y could; without only, a/x and 1 more could.",
        ["context_length", "allowed_providers"],
        new() { Models = ["n"], Only = ["c"] });

    [Fact]
    public void An_order_that_names_nobody_is_a_rule_where_nothing_else_is_allowed() => AssertRefused(
        "No endpoint may serve m. a/x, b/x (allow_fallbacks): The request allows no fallbacks. Without allow_fallbacks, a/x and 1 more could. " +
        "'z' in order names no endpoint of the catalogue. Did you mean 'a', 'b' or 'c'?",
        ["allowed_providers"],
        new() { Order = ["z"], AllowFallbacks = false });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_refusal_reaches_the_caller_and_nobody_is_called(bool streaming)
    {
        var provider = new FakeChatClient();
        var pipeline = TestPipeline.Of(provider);

        var refused = await pipeline.AskInVainAsync(streaming, new ChatOptions().WithPolicy(new() { AllowedModels = ["other/*"] }));

        Assert.Equal(FailureKind.NoEndpoint, refused.Kind);
        Assert.Equal(["allowed_models"], refused.ExcludedBy);
        Assert.Empty(provider.Calls);
    }

    private static void AssertRefused(string message, string[] excludedBy, RoutingPreferences preferences)
    {
        var refused = Catalog.Refuse(
            new ChatOptions { ModelId = "m" }.WithRouting(preferences), new() { Strategy = new CheapestFirst() }, new ChatMessage(ChatRole.User, new string('x', 400)));

        Assert.Equal((FailureKind.NoEndpoint, message), (refused.Kind, refused.Message));
        Assert.Equal(excludedBy, refused.ExcludedBy);
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
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
        "No endpoint may serve m. a/x, b/x (data_policy:zdr): It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'. Without data_policy:zdr, a/x and 1 more could.",
        ["data_policy:zdr"],
        new() { ZeroDataRetention = true });

    [Fact]
    public void Where_no_single_rule_decides_that_is_said() => AssertRefused(
        "No endpoint may serve m. a/x, b/x (data_policy:zdr): It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'. " +
        "No single one of these rules stands in the way: at least two would have to give way.",
        ["data_policy:zdr"],
        new() { ZeroDataRetention = true, DataCollection = DataCollection.Deny });

    [Fact]
    public void All_requested_models_are_named_with_the_reasons_of_each() => AssertRefused(
        "No endpoint may serve m, n. a/x, b/x (only): Not among the allowed: c. " +
        "c/y (context_length): The prompt of about 104 tokens and an answer of 0 exceed its context of 10. " +
        "With a shorter conversation, c/y could; without only, a/x and 1 more could.",
        ["context_length", "allowed_providers"],
        new() { Models = ["n"], Only = ["c"] });

    [Theory]
    [InlineData(null, null, "With a shorter conversation, c/y could.")]
    [InlineData(5, null, "With a shorter conversation or a smaller max_tokens, c/y could.")]
    [InlineData(null, false, "With a shorter conversation, or one that may be compressed (transforms: [\"middle-out\"]), c/y could.")]
    [InlineData(null, true, "With a shorter conversation, c/y could.")]
    public void A_conversation_that_is_too_long_may_be_shortened_or_compressed(int? maxTokens, bool? compresses, string remedy)
    {
        IChatClient endpoints = new FallbackChatClient(TestPipeline.Endpoint(new(), new(), new()));
        if (compresses is not null)
            endpoints = new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(new(), new(), new()), new NormalizingOptions { Compression = new() }));
        var router = new RouterChatClient(endpoints, Catalog, new() { Strategy = new CheapestFirst() });
        var options = new ChatOptions { ModelId = "n", MaxOutputTokens = maxTokens }.WithRouting(new() { CompressContext = compresses });

        var refused = Assert.Throws<RouterException>(() => router.Explain([new ChatMessage(ChatRole.User, new string('x', 400))], options));

        Assert.EndsWith(" " + remedy, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_other_request_would_change_has_no_remedy_but_another_model()
    {
        var catalog = new ModelCatalog([new Model("e") { OutputModalities = [Model.Embeddings], Endpoints = [new ModelEndpoint("a", "x")] }]);

        Assert.Equal(
            "No endpoint may serve e. a/x (output_modality): It makes embeddings only. Ask for them at /embeddings, or for a model that makes text.",
            catalog.Refuse(new ChatOptions { ModelId = "e" }, new()).Message);
    }

    [Fact]
    public void What_the_messages_hold_and_how_long_the_answer_may_be_is_what_could_change()
    {
        var catalog = new ModelCatalog([new Model("m") { InputModalities = ["text", "audio"], MaxOutputTokens = 10, Endpoints = [new ModelEndpoint("a", "x")] }]);

        Assert.EndsWith(
            " Without image input in the messages, a/x could.",
            catalog.Refuse(new ChatOptions { ModelId = "m" }, new(), new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])).Message,
            StringComparison.Ordinal);
        Assert.EndsWith(" With a smaller max_tokens, a/x could.", catalog.Refuse(new ChatOptions { ModelId = "m", MaxOutputTokens = 11 }, new()).Message, StringComparison.Ordinal);
    }

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

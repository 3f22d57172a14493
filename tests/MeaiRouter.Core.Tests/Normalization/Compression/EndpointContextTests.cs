using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Compression;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Normalization.Conversation.Adapting;

namespace MeaiRouter.Core.Tests.Normalization.Compression;

/// <summary>Conversations that are too long for the endpoint that is to read them.</summary>
public sealed class EndpointContextTests
{
    // 100 messages of 10 tokens each.
    private static readonly ChatMessage[] Long =
        [.. Enumerable.Range(0, 100).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, i.ToString().PadRight(24, '.'))), User("And now?")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_conversation_is_compressed_to_the_endpoints_context_without_the_answer(bool streaming)
    {
        var (provider, router) = Router(new() { Compression = new() { OutputReserve = 100 } }, 800);

        var response = await AskAsync(router, streaming, new() { ModelId = "m" });

        var sent = provider.Call.Messages;
        Assert.Equal((Long[0], Long[^1]), (sent[0], sent[^1]));
        Assert.Equal(700 / 10, sent.Count);
        Assert.Equal(["a/x: The conversation was compressed from about 1006 tokens to 696: messages left out of its middle: 31, texts shortened: 0."], response.Trace().Notes);
    }

    [Theory]
    [InlineData(null, 696)]
    [InlineData(200, 596)]
    [InlineData(900, null)]
    public async Task What_the_request_allows_for_the_answer_is_left_free(int? maxOutputTokens, int? tokens)
    {
        var (provider, router) = Router(new() { Compression = new() { OutputReserve = 100 } }, 800);
        var options = new ChatOptions { ModelId = "m", MaxOutputTokens = maxOutputTokens };

        if (tokens is null)
        {
            await Assert.ThrowsAsync<MeaiRouter.Attempts.RouterException>(() => AskAsync(router, false, options));
            return;
        }

        await AskAsync(router, false, options);
        Assert.Equal<long>(tokens.Value, PromptFacts.Of(provider.Call.Messages, null).Estimate);
    }

    [Theory]
    [InlineData(false, null, false)]
    [InlineData(false, true, true)]
    [InlineData(false, false, false)]
    [InlineData(true, null, true)]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    public async Task The_layer_decides_unless_the_request_does(bool layer, bool? request, bool compressed)
    {
        var (provider, router) = Router(new() { Compression = layer ? new() : null }, 800);
        var options = new ChatOptions { ModelId = "m" }.WithRouting(new() { CompressContext = request });

        if (compressed)
        {
            await AskAsync(router, false, options);
            Assert.InRange(provider.Call.Messages.Count, 2, 80);
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<MeaiRouter.Attempts.RouterException>(() => AskAsync(router, false, options));
            Assert.Equal(["context_length"], refusal.ExcludedBy);
        }
    }

    [Fact]
    public async Task What_fits_is_not_touched()
    {
        var (provider, router) = Router(new() { Compression = new() }, 8_000);

        var response = await AskAsync(router, false, new() { ModelId = "m" });

        Assert.Equal(Long, provider.Call.Messages);
        Assert.Empty(response.Trace().Notes);
    }

    [Fact]
    public async Task Messages_are_limited_also_where_nobody_knows_the_context()
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new NormalizingChatClient(provider, new NormalizingOptions { Compression = new() { MaxMessages = 10 } });

        await client.GetResponseAsync(Long);

        Assert.Equal(10, provider.Call.Messages.Count);
        Assert.Equal(Long[^1], provider.Call.Messages[^1]);
    }

    [Fact]
    public void Endpoints_of_half_the_context_needed_are_planned_but_after_those_that_need_no_compression()
    {
        ModelEndpoint At(string tag, int context) => new("a", "x") { Tag = tag, ContextLength = context, Price = TestPipeline.Price(context > 1_006 ? 1 : 0) };
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [At("tiny", 502), At("half", 503), At("whole", 1_006), At("wide", 2_000)] }]);
        using var router = new RouterChatClient(
            new NormalizingChatClient(new EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = new FakeChatClient() })),
            catalog, new RoutingOptions { Strategy = new CheapestFirst() });
        RoutePlan Plan(bool? compress) => router.Explain(Long, new ChatOptions { ModelId = "m" }.WithRouting(new() { CompressContext = compress }));

        Assert.Equal(["whole", "wide"], Plan(null).Tags());
        Assert.Equal(["whole", "wide", "half"], Plan(true).Tags());
        Assert.Equal(
            ["tiny (context_length) The prompt of about 1006 tokens and an answer of 0 exceed its context of 502, even if compressed to half."], Plan(true).Reasons());
    }

    [Fact]
    public void Without_a_layer_that_compresses_no_endpoint_is_planned_that_is_too_small()
    {
        var catalog = new ModelCatalog([new Model("m") { ContextLength = 800, Endpoints = [new("a", "x"), new("b", "y") { ContextLength = 2_000 }] }]);

        var plan = catalog.Explain(new ChatOptions { ModelId = "m" }.WithRouting(new() { CompressContext = true }), null, Long);

        Assert.Equal(["b"], plan.Tags());
    }

    private static (FakeChatClient Provider, IChatClient Router) Router(NormalizingOptions options, int contextLength)
    {
        var provider = FakeChatClient.Answering("Hello");
        var catalog = new ModelCatalog([new Model("m") { ContextLength = contextLength, Endpoints = [new ModelEndpoint("a", "x")] }]);
        return (provider, new RouterChatClient(
            new FallbackChatClient(new NormalizingChatClient(TestPipeline.Endpoint(provider), options), TestPipeline.Unheld), catalog,
            new RoutingOptions { Strategy = new CheapestFirst() }));
    }

    private static Task<ChatResponse> AskAsync(IChatClient client, bool streaming, ChatOptions options) => streaming
        ? client.GetStreamingResponseAsync(Long, options).ToChatResponseAsync()
        : client.GetResponseAsync(Long, options);
}

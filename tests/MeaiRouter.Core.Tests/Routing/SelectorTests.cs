using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

#pragma warning disable MEAI001 // RoutingChatClient is experimental; that it can be plugged in is what is tested.

namespace MeaiRouter.Core.Tests.Routing;

public sealed class SelectorTests
{
    private static readonly EndpointChoice Large = new("acme/large");
    private static readonly EndpointChoice Small = new("acme/small");
    private static readonly EndpointChoice SmallAtD = new("acme/small", "d");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_chooses_the_model_where_the_request_names_none(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(context => context.Messages.Last().Text.Length > 3 ? Small : Large));

        var trace = (await pipeline.Client.AskAsync(streaming)).Trace();

        Assert.Equal(["c", "d"], Tags(trace));
        Assert.Equal(("acme/small", "c"), (trace.RequestedModel, trace.Answer!.Provider));
        Assert.Equal(["The selector chose acme/small."], trace.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_chooses_the_endpoint_and_the_others_follow(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => SmallAtD));

        var trace = (await pipeline.Client.AskAsync(streaming)).Trace();

        Assert.Equal(["d", "c"], Tags(trace));
        Assert.Equal(["The selector chose acme/small at d."], trace.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_chooses_among_the_models_that_the_request_names(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => SmallAtD));

        var trace = (await pipeline.Client.AskAsync(
            streaming, new ChatOptions { ModelId = "acme/large" }.WithRouting(new() { Models = ["acme/small"] }))).Trace();

        Assert.Equal(["d", "c", "a", "b"], Tags(trace));
        Assert.Equal("acme/large", trace.RequestedModel);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_override_what_the_request_asks_for(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => SmallAtD));

        var named = (await pipeline.Client.AskAsync(streaming, new() { ModelId = "acme/large" })).Trace();
        var ordered = (await pipeline.Client.AskAsync(streaming, new ChatOptions().WithRouting(new() { Order = ["c"] }))).Trace();
        var ignoring = (await pipeline.Client.AskAsync(streaming, new ChatOptions().WithRouting(new() { Ignore = ["d"] }))).Trace();

        Assert.Equal(["a", "b"], Tags(named));
        Assert.Equal(["The selector chose acme/small at d, which may not serve this request."], named.Notes);
        Assert.Equal(["c", "d"], Tags(ordered));
        Assert.Equal(["The selector chose acme/small at d, but the request itself orders the endpoints."], ordered.Notes);
        Assert.Equal(["c"], Tags(ignoring));
        Assert.Equal(["The selector chose acme/small at d, which may not serve this request."], ignoring.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_does_not_take_a_tool_result_from_the_endpoint_that_issued_the_call(bool streaming)
    {
        var choice = SmallAtD;
        using var pipeline = new Pipeline(
            Selecting(_ => choice),
            d: FakeChatClient.Playing(new FunctionCallContent("call-1", "weather"), new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls }));
        var question = new ChatMessage(ChatRole.User, "Weather?");
        Assert.Equal("d", (await AskAsync(question)).Answer!.Provider);

        choice = Large;
        var trace = await AskAsync(
            question,
            new(ChatRole.Assistant, [new FunctionCallContent("call-1", "weather")]),
            new(ChatRole.Tool, [new FunctionResultContent("call-1", "Rain.")]));

        Assert.Equal(["d", "c"], Tags(trace));
        Assert.Equal(
            [
                "Affinity: the tool result goes to d/v1, which issued the call.",
                "The selector chose acme/large, but the tool result stays with d/v1, which issued the call.",
            ],
            trace.Notes);

        async Task<RouteTrace> AskAsync(params ChatMessage[] messages) => (await (streaming
            ? pipeline.Client.GetStreamingResponseAsync(messages).ToChatResponseAsync()
            : pipeline.Client.GetResponseAsync(messages)).Soon()).Trace();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_fallbacks_its_choice_is_what_is_left(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => SmallAtD));

        Assert.Equal(["d"], Tags((await pipeline.Client.AskAsync(streaming, new ChatOptions().WithRouting(new() { AllowFallbacks = false }))).Trace()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preset_that_the_request_names_decides_the_model(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => Small));

        var trace = (await pipeline.Client.AskAsync(streaming, new ChatOptions().WithRouting(new() { Preset = "large" }))).Trace();

        Assert.Equal(["a", "b"], Tags(trace));
        Assert.Equal(["The selector chose acme/small, which may not serve this request."], trace.Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_its_choice_fails_the_plan_goes_on(bool streaming)
    {
        using var pipeline = new Pipeline(
            Selecting(_ => SmallAtD), d: FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down.")));

        Assert.Equal(["d Failed Unavailable", "c Answered"], (await pipeline.Client.AskAsync(streaming)).Trace().Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_may_take_its_time_and_sees_messages_and_options(bool streaming)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RoutingContext? seen = null;
        using var pipeline = new Pipeline(RoutingChatClient.Create(async (context, token) =>
        {
            seen = context;
            await gate.Task.WaitAsync(token);
            return Small;
        }));

        var asking = pipeline.Client.AskAsync(streaming, new() { ModelId = "acme/small", Temperature = 0.5f });
        Assert.False(asking.IsCompleted);
        Assert.Empty(pipeline.C.Calls);
        gate.SetResult();

        Assert.Equal("c", (await asking).Trace().Answer!.Provider);
        Assert.Equal("Hi there", Assert.Single(seen!.Messages).Text);
        Assert.Equal(("acme/small", 0.5f), (seen.ChatOptions!.ModelId, seen.ChatOptions.Temperature));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_reaches_it(bool streaming)
    {
        using var cancellation = new CancellationTokenSource();
        using var pipeline = new Pipeline(RoutingChatClient.Create(async (_, token) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return Small;
        }));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pipeline.Client.AskAsync(streaming, token: cancellation.Token));
        Assert.Empty(pipeline.C.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_selector_of_selectors_works_too(bool streaming)
    {
        var inner = Selecting(_ => SmallAtD);
        using var pipeline = new Pipeline(new PassThrough(RoutingChatClient.Create((_, _) => new(new PassThrough(inner)))));

        Assert.Equal("d", (await pipeline.Client.AskAsync(streaming)).Trace().Answer!.Provider);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_calls_a_real_client_is_told_so(bool streaming)
    {
        using var pipeline = new Pipeline(FakeChatClient.Answering("I am no choice."));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.Client.AskAsync(streaming));

        Assert.Equal("The selector answered the request itself. The clients it selects from must be of type EndpointChoice.", refused.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_the_catalogue_lacks_is_named(bool streaming)
    {
        using var pipeline = new Pipeline(Selecting(_ => new("acme/smal")));

        var refused = await pipeline.Client.AskInVainAsync(streaming);

        Assert.Equal(
            (FailureKind.UnknownModel, "'acme/smal' is not a model of the catalogue. Did you mean 'acme/small'?"), (refused.Kind, refused.Message));
    }

    [Fact]
    public async Task A_choice_describes_itself_and_calls_nobody()
    {
        var metadata = SmallAtD.GetService<ChatClientMetadata>()!;

        Assert.Equal(("d", "acme/small"), (metadata.ProviderName, metadata.DefaultModelId));
        Assert.Same(SmallAtD, SmallAtD.GetService<EndpointChoice>());
        Assert.Equal(("acme/small", "acme/small at d"), (Small.ToString(), SmallAtD.ToString()));
        Assert.Empty((await Small.GetResponseAsync("Hi")).Text);
        Assert.Empty((await Small.GetStreamingResponseAsync("Hi").ToChatResponseAsync()).Text);
    }

    private static RoutingChatClient Selecting(Func<RoutingContext, EndpointChoice> select) =>
        RoutingChatClient.Create((context, _) => new(select(context)));

    private static string[] Tags(RouteTrace trace) => [.. trace.Candidates.Select(candidate => candidate.Candidate.Endpoint.Tag)];

    /// <summary>acme/large at a and b, acme/small at c and d, cheapest first.</summary>
    private sealed class Pipeline(IChatClient selector, FakeChatClient? d = null) : IDisposable
    {
        private readonly FakeChatClient _c = FakeChatClient.Answering("c");
        private RouterChatClient? _client;

        public FakeChatClient C => _c;

        public IChatClient Client => _client ??= new RouterChatClient(
            new FallbackChatClient(new EndpointChatClient(new Dictionary<string, IChatClient>
            {
                ["a"] = FakeChatClient.Answering("a"),
                ["b"] = FakeChatClient.Answering("b"),
                ["c"] = _c,
                ["d"] = d ?? FakeChatClient.Answering("d"),
            })),
            new ModelCatalog([Model("acme/large", "a", "b"), Model("acme/small", "c", "d")]),
            new RoutingOptions
            {
                Strategy = new CheapestFirst(), Selector = selector,
                Presets = new Dictionary<string, Preset> { ["large"] = new() { Models = ["acme/large"] } },
            });

        public void Dispose() => _client?.Dispose();

        private static Model Model(string id, params string[] endpoints) => new(id)
        {
            Endpoints = [.. endpoints.Select((name, i) => new ModelEndpoint(name, "v1") { Price = MeaiRouter.Pricing.Price.PerMillion(i + 1, i + 1) })],
        };
    }
}

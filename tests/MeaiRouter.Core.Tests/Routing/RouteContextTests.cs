using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Routing;

public sealed class RouteContextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Between_the_layers_the_context_serializes_to_a_constant(bool streaming)
    {
        var (first, second) = (await OptionsBetweenLayersAsync(streaming), await OptionsBetweenLayersAsync(streaming));

        Assert.NotEqual(RouteContext.From(first)!.Id, RouteContext.From(second)!.Id);
        Assert.Equal("meairouter", RouteContext.From(first)!.ToString());
        Assert.Equal("\"meairouter\"", JsonSerializer.Serialize(RouteContext.From(first)));
        Assert.Null(JsonSerializer.Deserialize<RouteContext>("\"meairouter\""));
        foreach (var options in new[] { AIJsonUtilities.DefaultOptions, JsonSerializerOptions.Default })
            Assert.Equal(JsonSerializer.Serialize(first.AdditionalProperties, options), JsonSerializer.Serialize(second.AdditionalProperties, options));
        Assert.Equal(
            AIJsonUtilities.HashDataToString([first.AdditionalProperties], AIJsonUtilities.DefaultOptions),
            AIJsonUtilities.HashDataToString([second.AdditionalProperties], AIJsonUtilities.DefaultOptions));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_with_its_trace_can_be_serialized_by_caches_and_histories_of_others(bool streaming)
    {
        var pipeline = TestPipeline.Of(
            FakeChatClient.Playing(new RouterException(FailureKind.RateLimited, "Slow down.", new HttpRequestException("429"))),
            FakeChatClient.Answering("Hello"));

        var response = await pipeline.AskAsync(streaming);

        var json = JsonSerializer.Serialize(response, AIJsonUtilities.DefaultOptions);
        var read = JsonSerializer.Deserialize<ChatResponse>(json, AIJsonUtilities.DefaultOptions);
        Assert.Equal("Hello", read!.Text);
        Assert.Null(read.GetRouteTrace());
    }

    [Fact]
    public async Task An_answer_in_the_history_does_not_make_the_next_request_unlike_its_equals()
    {
        async Task<string> HistoryAsync()
        {
            var response = await TestPipeline.Of(FakeChatClient.Answering("Hello")).AskAsync(streaming: true);
            return JsonSerializer.Serialize(response.Messages, AIJsonUtilities.DefaultOptions);
        }

        Assert.Equal(await HistoryAsync(), await HistoryAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_request_has_an_id_of_its_own_unless_it_brings_one(bool streaming)
    {
        var pipeline = TestPipeline.Of(FakeChatClient.Answering("Hello"));
        var options = new ChatOptions();

        var (first, second) = ((await pipeline.AskAsync(streaming, options)).Trace().Id, (await pipeline.AskAsync(streaming, options)).Trace().Id);

        Assert.StartsWith("gen-", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.Equal("mine", (await pipeline.AskAsync(streaming, options.WithRequestId("mine"))).Trace().Id);
    }

    [Fact]
    public async Task A_stream_read_twice_is_two_requests()
    {
        var provider = FakeChatClient.Answering("Hello");
        var stream = TestPipeline.Of(provider).GetStreamingResponseAsync([new(ChatRole.User, "Hi")]);

        var (first, second) = (await stream.ToChatResponseAsync(), await stream.ToChatResponseAsync());

        Assert.NotEqual(first.Trace().Id, second.Trace().Id);
        Assert.Single(second.Trace().Attempts);
        Assert.Equal(2, provider.Calls.Count);
    }

    [Fact]
    public async Task The_first_update_says_who_answers_and_the_last_one_how_it_came_about()
    {
        var pipeline = TestPipeline.Of(FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable)), FakeChatClient.Answering("Hello"));

        var (updates, exception) = await pipeline.ReadAsync();

        Assert.Null(exception);
        Assert.Equal("b", updates[0].GetRouteAttempt()?.Provider);
        Assert.All(updates.Skip(1), update => Assert.Null(update.GetRouteAttempt()));
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.GetRouteTrace()));
        Assert.Equal(["a Failed Unavailable", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
        Assert.Equal(updates[^1].GetRouteTrace()!.Cost, updates[^1].GetCost());
        Assert.Empty(updates[^1].Contents);
    }

    [Fact]
    public async Task Fifty_requests_at_once_do_not_see_each_other()
    {
        var pipeline = TestPipeline.Of(
            FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable)),
            FakeChatClient.Answering("Hello", new() { InputTokenCount = 3, OutputTokenCount = 2 }));

        // An order of the caller's own, so that every request meets the dead provider although its breaker soon opens.
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => pipeline.AskAsync(i % 2 == 0, new ChatOptions().WithRouting(new RoutingPreferences { Order = ["a", "b"] }))));

        Assert.Equal(50, responses.Select(response => response.Trace().Id).Distinct().Count());
        Assert.All(responses, response =>
        {
            Assert.Equal("Hello", response.Text);
            Assert.Equal(["a Failed Unavailable", "b Answered"], response.Trace().Attempts.Told());
        });
    }

    private static async Task<ChatOptions> OptionsBetweenLayersAsync(bool streaming)
    {
        var spy = new Spy(new NormalizingChatClient(FakeChatClient.Answering("Hello")));
        await new FallbackChatClient(spy).AskAsync(streaming);
        return spy.Seen!;
    }

    private sealed class Spy(IChatClient inner) : DelegatingChatClient(inner)
    {
        public ChatOptions? Seen { get; private set; }

        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Seen = options!.Clone();
            return base.GetResponseAsync(messages, options, cancellationToken);
        }

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            Seen = options!.Clone();
            return base.GetStreamingResponseAsync(messages, options, cancellationToken);
        }
    }
}

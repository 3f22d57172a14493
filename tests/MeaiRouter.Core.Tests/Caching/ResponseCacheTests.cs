using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Caching;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Policies;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Caching;

public sealed class ResponseCacheTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryStore _store = new();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task An_answer_given_before_is_given_again_for_nothing_streamed_or_not(bool first, bool second)
    {
        var provider = FakeChatClient.Answering("Hello to you", new UsageDetails { InputTokenCount = 10, OutputTokenCount = 20 });
        var ledger = new InMemoryLedger();
        var client = Pipeline(provider, ledger);

        var asked = await client.AskAsync(first);
        _time.Advance(TimeSpan.FromSeconds(30));
        var again = await client.AskAsync(second);

        Assert.Single(provider.Calls);
        Assert.Equal(("Hello to you", "Hello to you"), (asked.Text, again.Text));
        Assert.Equal(ChatFinishReason.Stop, again.FinishReason);
        Assert.Equal((NanoUsd.FromUsd(0.00021m), NanoUsd.Zero), (asked.GetCost(), again.GetCost()));
        Assert.Equal((0, 0), (again.Usage!.InputTokenCount, again.Usage.OutputTokenCount));
        Assert.Equal(new CacheUse(IsHit: false, TimeSpan.FromMinutes(5), TimeSpan.Zero, null), asked.Trace().Cache);
        Assert.Equal(new CacheUse(IsHit: true, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(30), asked.Trace().Id) { Provider = "a", Model = TestPipeline.ModelId }, again.Trace().Cache);
        Assert.Empty(again.Trace().Attempts);
        Assert.NotEqual(asked.ResponseId, again.ResponseId);
        Assert.Empty(again.Trace().Notes);
        Assert.Equal(NanoUsd.FromUsd(0.00021m), ledger.Totals.Aggregate(NanoUsd.Zero, (sum, total) => sum + total.Cost));
    }

    [Fact]
    public async Task The_first_update_says_that_it_comes_from_the_cache()
    {
        var client = Pipeline(FakeChatClient.Answering("Hello"));

        var miss = await client.ReadAsync();
        var hit = await client.ReadAsync();

        Assert.False(miss.Updates[0].GetCacheUse()!.IsHit);
        Assert.True(hit.Updates[0].GetCacheUse()!.IsHit);
        Assert.Equal("Hello", hit.Updates.Text());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tool_calls_and_properties_survive_the_cache(bool streaming)
    {
        var provider = FakeChatClient.Playing(
            new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent("thinking") { ProtectedData = "signed" }]) { ModelId = "m" },
            new FunctionCallContent("call-1", "weather", new Dictionary<string, object?> { ["city"] = "Berlin" }),
            new ChatResponseUpdate
            {
                FinishReason = ChatFinishReason.ToolCalls,
                AdditionalProperties = new() { [AnswerProperties.NativeFinishReason] = "tool_use" },
            });
        var client = Pipeline(provider);

        await client.AskAsync(streaming);
        var again = await client.AskAsync(streaming);

        var contents = again.Messages[0].Contents;
        Assert.Equal("signed", Assert.Single(contents.OfType<TextReasoningContent>()).ProtectedData);
        var call = Assert.Single(contents.OfType<FunctionCallContent>());
        Assert.Equal(("call-1", "weather", "Berlin"), (call.CallId, call.Name, call.Arguments!["city"]!.ToString()));
        Assert.Equal(ChatFinishReason.ToolCalls, again.FinishReason);
        Assert.Single(provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_is_not_whole_is_not_kept(bool streaming)
    {
        var broken = new FakeChatClient([["Half an", new IOException("reset")], FakeChatClient.Answer("Whole")]);
        var client = new ResponseCacheChatClient(broken, _store, null, _time);

        await Assert.ThrowsAsync<IOException>(() => client.AskAsync(streaming));
        Assert.Equal("Whole", (await client.AskAsync(streaming)).Text);

        foreach (Step[] bad in (Step[][])[["No end"], ["Bad", ChatFinishReason.ContentFilter], [new ErrorContent("no"), ChatFinishReason.Stop]])
        {
            var store = new MemoryStore();
            var unkept = FakeChatClient.Playing(bad);
            var layer = new ResponseCacheChatClient(unkept, store, null, _time);
            await layer.AskAsync(streaming);
            await layer.AskAsync(streaming);
            Assert.Equal(2, unkept.Calls.Count);
            Assert.Empty(store.Keys);
        }
    }

    [Fact]
    public async Task What_an_abandoned_stream_said_is_not_kept_and_the_next_one_asks_again()
    {
        var provider = FakeChatClient.Answering("Hello to you");
        var client = new ResponseCacheChatClient(provider, _store, null, _time);

        await foreach (var _ in client.GetStreamingResponseAsync("Hi there"))
            break;

        Assert.Equal("Hello to you", (await client.AskAsync(streaming: true)).Text);
        Assert.Equal(2, provider.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Equal_requests_under_way_are_merged(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing(["Hello", gate.Task, " you", ChatFinishReason.Stop]);
        var client = Pipeline(provider);

        var answers = Enumerable.Range(0, 50).Select(i => client.AskAsync(streaming ^ (i % 2 == 0))).ToArray();
        await provider.CalledAsync();
        gate.SetResult();
        var responses = await Task.WhenAll(answers);

        Assert.Single(provider.Calls);
        Assert.All(responses, response => Assert.Equal("Hello you", response.Text));
        Assert.Equal(49, responses.Count(response => response.Trace().Cache!.IsHit));
        Assert.Equal(50, responses.Select(response => response.ResponseId).Distinct().Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_first_of_equal_requests_is_cancelled_the_next_one_asks(bool streaming)
    {
        var provider = new FakeChatClient([Step.Silence], FakeChatClient.Answer("Hello"));
        var client = Pipeline(provider);
        using var cancellation = new CancellationTokenSource();

        var first = client.AskAsync(streaming, token: cancellation.Token);
        await provider.CalledAsync();
        var second = client.AskAsync(streaming);
        var third = client.AskAsync(streaming);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(("Hello", "Hello"), ((await second).Text, (await third).Text));
        Assert.Equal(2, provider.Calls.Count);
    }

    [Fact]
    public async Task One_who_waits_can_leave_without_disturbing_the_others()
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing(["Hello", gate.Task, ChatFinishReason.Stop]);
        var client = Pipeline(provider);
        using var cancellation = new CancellationTokenSource();

        var first = client.AskAsync(streaming: false);
        await provider.CalledAsync();
        var second = client.AskAsync(streaming: false, token: cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        gate.SetResult();

        Assert.Equal("Hello", (await first).Text);
        Assert.Single(provider.Calls);
    }

    [Fact]
    public async Task An_answer_is_forgotten_after_its_time_and_renewed_on_demand()
    {
        var provider = new FakeChatClient(FakeChatClient.Answer("one"), FakeChatClient.Answer("two"), FakeChatClient.Answer("three"));
        var client = Pipeline(provider);

        Assert.Equal("one", (await client.AskAsync(false)).Text);
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.Equal("one", (await client.AskAsync(false)).Text);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("two", (await client.AskAsync(false)).Text);
        Assert.Equal("three", (await client.AskAsync(false, new ChatOptions().WithResponseCache(renew: true))).Text);
        Assert.Equal("three", (await client.AskAsync(false)).Text);
    }

    [Fact]
    public async Task A_request_can_switch_the_cache_on_and_off_and_say_for_how_long()
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new ResponseCacheChatClient(provider, _store, new ResponseCacheOptions { Enabled = false }, _time);

        await client.AskAsync(false);
        Assert.Empty(_store.Keys);
        await client.AskAsync(false, new ChatOptions().WithResponseCache(timeToLive: TimeSpan.FromDays(9)));
        Assert.Equal(TimeSpan.FromDays(1), _store.LastTimeToLive);
        await client.AskAsync(false, new ChatOptions().WithResponseCache(enabled: false));
        Assert.Equal(3, provider.Calls.Count);
        Assert.All(provider.Calls, call => Assert.Null(call.Options?.AdditionalProperties));
    }

    [Fact]
    public async Task Whatever_may_change_the_answer_is_part_of_the_key()
    {
        (string Name, ChatOptions? Options)[] different =
        [
            ("nothing", null),
            ("model", new ChatOptions { ModelId = "other" }),
            ("temperature", new ChatOptions { Temperature = 0.5f }),
            ("tools", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a, "one")] }),
            ("other tools", new ChatOptions { Tools = [AIFunctionFactory.Create((string a) => a, "one")] }),
            ("format", new ChatOptions { ResponseFormat = ChatResponseFormat.Json }),
            ("properties", new ChatOptions { AdditionalProperties = new() { ["top_a"] = 1 } }),
            ("caller", new ChatOptions().WithCaller("team-a")),
            ("other caller", new ChatOptions().WithCaller("team-b")),
            ("preferences", new ChatOptions().WithRouting(new RoutingPreferences { Order = ["a"] })),
            ("policy", new ChatOptions().WithPolicy(new RoutingPolicy { Regions = ["eu"] })),
            ("data class", new ChatOptions().WithDataClass("pii")),
        ];
        var provider = FakeChatClient.Answering("Hello");
        var client = new ResponseCacheChatClient(provider, _store, null, _time);

        foreach (var (_, options) in different)
        {
            await client.AskAsync(false, options);
            await client.AskAsync(true, options?.Clone());
        }

        Assert.Equal(different.Length, provider.Calls.Count);
        Assert.Equal(different.Length, _store.Keys.Count);
    }

    [Fact]
    public async Task The_order_of_properties_and_the_identity_of_messages_do_not_matter()
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new ResponseCacheChatClient(provider, _store, null, _time);

        await client.GetResponseAsync([new(ChatRole.User, "Hi") { MessageId = "1", CreatedAt = DateTimeOffset.UnixEpoch }], Options("""{ "a": { "x": 1, "y": [1, 2] }, "b": 2 }"""));
        await client.GetResponseAsync([new(ChatRole.User, "Hi") { MessageId = "2" }], Options("""{ "b": 2,   "a": { "y": [1, 2], "x": 1 } }"""));
        Assert.Single(provider.Calls);
        await client.GetResponseAsync([new(ChatRole.User, "Hi")], Options("""{ "b": 2, "a": { "y": [2, 1], "x": 1 } }"""));
        Assert.Equal(2, provider.Calls.Count);

        static ChatOptions Options(string json) => new() { AdditionalProperties = new() { ["extra"] = JsonSerializer.Deserialize<JsonElement>(json) } };
    }

    [Fact]
    public async Task Requests_that_must_leave_no_trace_or_cannot_be_compared_pass_the_cache_by()
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new ResponseCacheChatClient(provider, _store, null, _time);

        foreach (var options in (ChatOptions[])
        [
            new ChatOptions().WithRouting(new RoutingPreferences { ZeroDataRetention = true }),
            new ChatOptions().WithPolicy(new RoutingPolicy { ZeroDataRetention = true }),
            new ChatOptions { RawRepresentationFactory = _ => new object() },
            new ChatOptions { ConversationId = "c" },
        ])
        {
            var trace = (await client.AskAsync(false, options)).Trace();
            Assert.Null(trace.Cache);
            Assert.StartsWith("The response cache was passed by.", Assert.Single(trace.Notes), StringComparison.Ordinal);
        }

        Assert.Empty(_store.Keys);
        Assert.Equal(4, provider.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_is_down_costs_nobody_his_answer(bool streaming)
    {
        _store.IsBroken = true;
        var client = new ResponseCacheChatClient(FakeChatClient.Answering("Hello"), _store, null, _time);

        var response = await client.AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(
            ["The response cache could not be read: TimeoutException.", "The answer could not be kept in the response cache: TimeoutException."],
            response.Trace().Notes);
    }

    [Fact]
    public async Task Whoever_changes_his_answer_changes_nobody_elses()
    {
        var client = new ResponseCacheChatClient(FakeChatClient.Answering("Hello"), _store, null, _time);
        await client.AskAsync(false);

        (await client.AskAsync(false)).Messages[0].Contents.Clear();

        Assert.Equal("Hello", (await client.AskAsync(false)).Text);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_not_kept()
    {
        var client = new ResponseCacheChatClient(FakeChatClient.Answering(new string('x', 2_000)), _store, new ResponseCacheOptions { MaxAnswerBytes = 1_000 }, _time);

        Assert.Equal(2_000, (await client.AskAsync(false)).Text.Length);

        Assert.Empty(_store.Keys);
    }

    [Fact]
    public void Options_out_of_range_are_refused() => Assert.Equal(
        "TimeToLive is 00:00:00; it must be from 00:00:01 to 1.00:00:00. MaxAnswerBytes is 0; it must be at least 1.",
        Assert.Throws<ArgumentException>(() => new ResponseCacheChatClient(
            FakeChatClient.Answering(""), _store, new ResponseCacheOptions { TimeToLive = TimeSpan.Zero, MaxAnswerBytes = 0 })).Message);

    private CostTrackingChatClient Pipeline(FakeChatClient provider, ILedger? ledger = null) => new(
        new ResponseCacheChatClient(
            new RouterChatClient(TestPipeline.Endpoint(provider), TestPipeline.Catalog(1), TestPipeline.Routing, _time), _store, null, _time),
        ledger, null, _time);
}

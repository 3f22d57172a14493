using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization;

public sealed class FinishReasonTests
{
    public static TheoryData<string, string, bool> Known()
    {
        var table = new Dictionary<string, string[]>
        {
            ["stop"] = ["stop", "STOP", "end_turn", "stop_sequence", "eos", "eos_token", "complete", "completed"],
            ["length"] = ["length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length", "model_context_window_exceeded"],
            ["content_filter"] =
                ["content_filter", "content_filtered", "refusal", "SAFETY", "recitation", "blocklist", "prohibited_content", "sensitive"],
            ["tool_calls"] = ["tool_calls", "tool_call", "tool_use", "function_call", "stop", "end_turn"],
        };
        var rows = new TheoryData<string, string, bool>();
        foreach (var (reason, natives) in table)
        {
            foreach (var native in natives)
            {
                rows.Add(native, reason, false);
                rows.Add(native, reason, true);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Every_providers_word_becomes_one_of_four_and_is_kept_beside_it(string native, string reason, bool streaming)
    {
        Step content = reason == "tool_calls" ? new FunctionCallContent("c", "f") : "Hello";

        var response = await Pipeline(content, new ChatFinishReason(native)).AskAsync(streaming);

        Assert.Equal(reason, response.FinishReason?.Value);
        Assert.Equal((reason, native), (Attempt(response).FinishReason?.Value, Attempt(response).NativeFinishReason));
        Assert.Equal(reason == native ? null : native, Native(response));
        Assert.Empty(response.Trace().Notes);
    }

    [Theory]
    [InlineData("tool_calls", false)]
    [InlineData("tool_calls", true)]
    [InlineData("tool_use", false)]
    [InlineData("tool_use", true)]
    public async Task Tool_calls_announced_but_not_made_are_a_stop(string native, bool streaming)
    {
        var response = await Pipeline("Hello", new ChatFinishReason(native)).AskAsync(streaming);

        Assert.Equal((ChatFinishReason.Stop, native), (response.FinishReason, Attempt(response).NativeFinishReason));
    }

    [Theory]
    [InlineData("tool_calls", false)]
    [InlineData("tool_calls", true)]
    [InlineData("stop", false)]
    [InlineData("stop", true)]
    public async Task Tool_calls_that_come_after_the_finish_reason_count(string native, bool streaming)
    {
        var response = await Pipeline("Hello", new ChatFinishReason(native), new FunctionCallContent("c", "f")).AskAsync(streaming);

        Assert.Equal((ChatFinishReason.ToolCalls, native), (response.FinishReason, Attempt(response).NativeFinishReason));
        Assert.Equal(ChatFinishReason.ToolCalls, Attempt(response).FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_that_only_inform_of_what_the_provider_did_itself_are_not_for_the_caller(bool streaming)
    {
        var response = await Pipeline(
            new FunctionCallContent("", "search") { InformationalOnly = true }, "Hello", ChatFinishReason.Stop).AskAsync(streaming);

        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.True(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single().InformationalOnly);
    }

    [Theory]
    [InlineData("length", false)]
    [InlineData("length", true)]
    [InlineData("content_filter", false)]
    [InlineData("content_filter", true)]
    public async Task Tool_calls_do_not_hide_that_the_answer_was_cut_off(string native, bool streaming) => Assert.Equal(
        native,
        (await Pipeline(new FunctionCallContent("c", "f"), new ChatFinishReason(native)).AskAsync(streaming)).FinishReason?.Value);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_unknown_word_is_taken_for_a_stop_and_noted(bool streaming)
    {
        var response = await Pipeline("Hello", new ChatFinishReason("weary"), new ChatFinishReason("weary")).AskAsync(streaming);

        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        Assert.Equal(["a/large-a: The finish reason 'weary' is unknown and is taken for 'stop'."], response.Trace().Notes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_dialect_may_declare_words_of_its_own(bool streaming)
    {
        var dialect = new Dialect("odd") { Answers = new() { FinishReasons = new Dictionary<string, string> { ["weary"] = "length", ["stop"] = "content_filter" } } };

        foreach (var (native, reason) in new[] { ("weary", "length"), ("stop", "content_filter"), ("eos", "stop") })
        {
            var client = new NormalizingChatClient(FakeChatClient.Playing("Hello", new ChatFinishReason(native)), dialect);
            Assert.Equal(reason, (await client.AskAsync(streaming)).FinishReason?.Value);
        }
    }

    [Theory]
    [InlineData("error", FailureKind.ServerError, false)]
    [InlineData("error", FailureKind.ServerError, true)]
    [InlineData("insufficient_system_resource", FailureKind.Overloaded, false)]
    [InlineData("insufficient_system_resource", FailureKind.Overloaded, true)]
    [InlineData("NETWORK_ERROR", FailureKind.ServerError, false)]
    [InlineData("NETWORK_ERROR", FailureKind.ServerError, true)]
    public async Task A_failure_disguised_as_a_finish_reason_is_a_failure_and_what_it_used_is_charged(string native, FailureKind kind, bool streaming)
    {
        var failing = FakeChatClient.Playing(
            Step.Role, new UsageDetails { InputTokenCount = 10, TotalTokenCount = 10 }, new ChatFinishReason(native));

        var response = await TestPipeline.Of(failing, FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        var attempt = response.Trace().Attempts[0];
        var attemptsHere = kind.Consequences().Here == RetryHere.Once ? 2 : 1;
        Assert.Equal([.. Enumerable.Repeat($"a Failed {kind}", attemptsHere), "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal((native, $"The provider ended the answer with '{native}'."), (attempt.Failure!.ProviderCode, attempt.Failure.Message));
        Assert.Equal((new TokenUsage { Input = 10, Requests = 1 }, new NanoUsd(10_000)), (attempt.Usage, attempt.Cost));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_word_at_all_stays_none(bool streaming)
    {
        var response = await new NormalizingChatClient(FakeChatClient.Playing("Hello")).AskAsync(streaming);

        Assert.Equal(("Hello", null), (response.Text, response.FinishReason));
    }

    private static IChatClient Pipeline(params Step[] steps) => TestPipeline.Of(new FakeChatClient(steps));

    private static RouteAttempt Attempt(ChatResponse response) => Assert.Single(response.Trace().Attempts);

    private static string? Native(ChatResponse response) =>
        response.AdditionalProperties!.TryGetValue(AnswerProperties.NativeFinishReason, out var native) ? (string?)native : null;
}

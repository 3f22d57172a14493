using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>What happens while the caller has seen nothing yet.</summary>
public sealed class BeforeCommitTests
{
    public static TheoryData<FailureKind, bool> Kinds(bool elsewhere)
    {
        var kinds = new TheoryData<FailureKind, bool>();
        foreach (var kind in Enum.GetValues<FailureKind>().Where(kind => (kind.Consequences().Elsewhere != RetryElsewhere.Never) == elsewhere))
        {
            kinds.Add(kind, false);
            kinds.Add(kind, true);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(Kinds), true)]
    public async Task A_failure_another_endpoint_may_mend_is_answered_by_the_next_one(FailureKind kind, bool streaming)
    {
        var (failing, answering) = (FakeChatClient.Playing(new RouterException(kind, "Broken.")), FakeChatClient.Answering("Hello"));

        var response = await TestPipeline.Of(failing, answering).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Single(response.Messages);
        var attemptsHere = kind.Consequences().Here == RetryHere.Once ? 2 : 1;
        Assert.Equal([.. Enumerable.Repeat($"a Failed {kind}", attemptsHere), "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal((attemptsHere, 1), (failing.Calls.Count, answering.Calls.Count));
    }

    [Theory]
    [MemberData(nameof(Kinds), false)]
    public async Task A_failure_of_the_request_itself_ends_it(FailureKind kind, bool streaming)
    {
        var thrown = new RouterException(kind, "Broken.") { Status = 400, ProviderCode = "code", RequestId = "req-1" };
        var (failing, unused) = (FakeChatClient.Playing(thrown), FakeChatClient.Answering("Hello"));

        var failure = await TestPipeline.Of(failing, unused).AskInVainAsync(streaming);

        Assert.Equal(
            (kind, "a/large-a: Broken.", 400, "code", "req-1", "a", "a"),
            (failure.Kind, failure.Message, failure.Status, failure.ProviderCode, failure.RequestId, failure.Provider, failure.Endpoint));
        Assert.Equal([$"a Failed {kind}"], failure.Attempts.Told());
        Assert.Empty(unused.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_prompt_that_is_too_long_is_tried_only_where_the_context_is_larger(bool streaming)
    {
        ModelEndpoint At(string provider, int? context) => new(provider, "m") { ContextLength = context };
        FakeChatClient[] providers =
        [
            FakeChatClient.Playing(new RouterException(FailureKind.ContextTooLong, "Too long.")),
            FakeChatClient.Answering("same"), FakeChatClient.Answering("smaller"), FakeChatClient.Answering("larger"),
        ];
        var catalog = new ModelCatalog([
            new Model("m") { ContextLength = 100, Endpoints = [At("a", null), At("b", 100), At("c", 50), At("d", 200)] },
        ]);
        var pipeline = new RouterChatClient(new FallbackChatClient(TestPipeline.Endpoint(providers)), catalog, new() { Strategy = new CheapestFirst() });

        var response = await pipeline.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal("larger", response.Text);
        var trace = response.Trace();
        Assert.Equal(["a Failed ContextTooLong", "d Answered"], trace.Attempts.Told());
        Assert.Equal(
            [
                "failed, ContextTooLong: Too long.",
                "not tried, its context is no larger than one that was too small",
                "not tried, its context is no larger than one that was too small",
                "answered",
            ],
            trace.Candidates.Select(candidate => candidate.Fate));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_no_context_is_larger_the_prompt_is_too_long(bool streaming)
    {
        ModelEndpoint At(string provider, int? context) => new(provider, "m") { ContextLength = context };
        var (small, smaller) = (FakeChatClient.Playing(new RouterException(FailureKind.ContextTooLong, "Too long.")), FakeChatClient.Answering("Hello"));
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [At("a", 100), At("b", 50)] }]);
        var pipeline = new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(small, smaller)), catalog, new() { Strategy = new CheapestFirst() });

        var failure = await pipeline.AskInVainAsync(streaming, new() { ModelId = "m" });

        Assert.Equal((FailureKind.ContextTooLong, "a/m: Too long."), (failure.Kind, failure.Message));
        Assert.Empty(smaller.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_more_attempts_are_made_than_allowed(bool streaming)
    {
        FakeChatClient[] providers = [Down(), Down(), FakeChatClient.Answering("Hello")];

        var failure = await TestPipeline.With(new FallbackOptions { MaxAttempts = 2 }, null, null, providers).AskInVainAsync(streaming);

        Assert.Equal(["a Failed Unavailable", "b Failed Unavailable"], failure.Attempts.Told());
        Assert.Empty(providers[2].Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task By_default_nobody_goes_unasked_who_could_have_answered(bool streaming)
    {
        FakeChatClient[] providers = [Down(), Down(), Down(), Down(), FakeChatClient.Answering("Hello")];

        var response = await TestPipeline.Of(providers).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(
            ["a Failed Unavailable", "b Failed Unavailable", "c Failed Unavailable", "d Failed Unavailable", "e Answered"], response.Trace().Attempts.Told());
    }

    [Fact]
    public async Task Updates_without_content_are_held_back_and_dropped_with_the_attempt_that_sent_them()
    {
        var pipeline = TestPipeline.Of(
            FakeChatClient.Playing(
                new ChatResponseUpdate(ChatRole.Assistant, (string?)null) { MessageId = "m1", ResponseId = "r1" }, Step.Empty, "", new HttpIOException(HttpRequestError.ResponseEnded, "Reset.")),
            FakeChatClient.Answering("Hello"));

        var (updates, exception) = await pipeline.ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        Assert.DoesNotContain(updates, update => update.MessageId == "m1" || update.ResponseId == "r1");
        Assert.Equal(["a Failed Truncated", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Fact]
    public async Task Updates_without_content_before_the_content_are_delivered_with_it_in_order()
    {
        var (updates, _) = await TestPipeline.Of(FakeChatClient.Answering("Hello")).ReadAsync();

        Assert.Equal(["", "He", "llo", "", ""], updates.Select(update => update.Text));
        Assert.Equal((ChatRole.Assistant, "m"), (updates[0].Role, updates[0].MessageId));
    }

    public static TheoryData<AIContent> Committing =>
    [
        new TextContent("x"),
        new TextReasoningContent("thinking"),
        new TextReasoningContent(null) { ProtectedData = "signed" },
        new FunctionCallContent("c", "f"),
        new DataContent(new byte[] { 1 }, "image/png"),
        new UriContent("https://acme.example/x.png", "image/png"),
        new ErrorContent("I will not.") { ErrorCode = "Refusal" },
    ];

    [Theory]
    [MemberData(nameof(Committing), DisableDiscoveryEnumeration = true)]
    public async Task Content_commits_the_stream(AIContent content)
    {
        var backup = FakeChatClient.Answering("Hello");
        var options = new FallbackOptions { Hold = TimeSpan.Zero, RestartBroken = false };

        var (updates, exception) = await TestPipeline.With(
            options, null, null, FakeChatClient.Playing(content, new HttpRequestException("Reset.")), backup).ReadAsync();

        var seen = Assert.Single(updates).Contents.Single();
        if (content is TextReasoningContent reasoning)
            Assert.Equal((reasoning.Text, reasoning.ProtectedData), (((TextReasoningContent)seen).Text, ((TextReasoningContent)seen).ProtectedData));
        else
            Assert.Same(content, seen);
        Assert.Equal(FailureKind.Truncated, Assert.IsType<RouterException>(exception).Kind);
        Assert.Empty(backup.Calls);
    }

    public static TheoryData<AIContent> NotCommitting =>
    [
        new TextContent(""), new TextReasoningContent(""), new UsageContent(new() { InputTokenCount = 5 }), new AIContent(),
    ];

    [Theory]
    [MemberData(nameof(NotCommitting), DisableDiscoveryEnumeration = true)]
    public async Task What_is_not_content_does_not_commit_the_stream(AIContent content)
    {
        var pipeline = TestPipeline.Of(FakeChatClient.Playing(content, new HttpRequestException("Reset.")), FakeChatClient.Answering("Hello"));

        Assert.Equal("Hello", (await pipeline.AskAsync(streaming: true)).Text);
    }

    public static TheoryData<string, bool> NotAnswers
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var name in Broken.Keys)
            {
                cases.Add(name, false);
                cases.Add(name, true);
            }

            return cases;
        }
    }

    private static readonly Dictionary<string, (Step[] Steps, FailureKind Kind, string Message)> Broken = new()
    {
        ["nothing at all"] = ([], FailureKind.EmptyAnswer, "The answer is empty and has no finish reason."),
        ["only a role"] = ([Step.Role], FailureKind.EmptyAnswer, "The answer is empty and has no finish reason."),
        ["only a finish reason"] = ([Step.Role, ChatFinishReason.Stop], FailureKind.EmptyAnswer, "The answer is empty."),
        ["tool calls announced and none made"] = ([ChatFinishReason.ToolCalls], FailureKind.EmptyAnswer, "The answer is empty."),
        ["empty text"] = (["", ChatFinishReason.Stop, new UsageDetails { InputTokenCount = 1 }], FailureKind.EmptyAnswer, "The answer is empty."),
        ["an error in band"] = (
            [Step.Role, new ErrorContent("Upstream died.") { ErrorCode = "502" }, ChatFinishReason.Stop], FailureKind.Unavailable, "Upstream died."),
        ["an error in band beside text"] = (
            [new ChatResponseUpdate(ChatRole.Assistant, [new TextContent("Hel"), new ErrorContent("Upstream died.")]), ChatFinishReason.Stop],
            FailureKind.Unknown,
            "Upstream died."),
        ["a client's own timeout"] = ([new TaskCanceledException("Timed out.")], FailureKind.Timeout, "Timed out."),
    };

    [Theory]
    [MemberData(nameof(NotAnswers))]
    public async Task What_only_looks_like_an_answer_is_a_failure(string name, bool streaming)
    {
        var (steps, kind, message) = Broken[name];

        var response = await TestPipeline.Of(new FakeChatClient(steps), FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.Equal([$"a Failed {kind}", "b Answered"], response.Trace().Attempts.Told());
        var failure = response.Trace().Attempts[0].Failure!;
        Assert.Equal((message, "a", "a"), (failure.Message, failure.Provider, failure.Endpoint));
    }

    [Fact]
    public async Task A_whole_answer_without_a_finish_reason_may_be_cut_short_and_is_a_failure()
    {
        var response = await TestPipeline.Of(FakeChatClient.Playing("Hel"), FakeChatClient.Answering("Hello")).AskAsync(streaming: false);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Incomplete", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal("The answer ended without a finish reason, so it may be cut short.", response.Trace().Attempts[0].Failure!.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_never_gives_a_finish_reason_can_be_used_if_one_says_so(bool streaming)
    {
        var options = new FallbackOptions { RequireFinishReason = false };

        var response = await new FallbackChatClient(FakeChatClient.Playing("Hello"), options).AskAsync(streaming);

        Assert.Equal(("Hello", null), (response.Text, response.FinishReason));
        Assert.Equal([AttemptOutcome.Answered], response.Trace().Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal(
            FailureKind.EmptyAnswer,
            (await new FallbackChatClient(FakeChatClient.Playing(Step.Role), options).AskInVainAsync(streaming)).Kind);
    }

    [Theory]
    [InlineData("length", false)]
    [InlineData("length", true)]
    [InlineData("content_filter", false)]
    [InlineData("content_filter", true)]
    public async Task An_empty_answer_that_was_cut_off_by_length_or_filter_is_an_answer(string reason, bool streaming)
    {
        var backup = FakeChatClient.Answering("Hello");

        var response = await TestPipeline.Of(FakeChatClient.Playing(Step.Role, new ChatFinishReason(reason)), backup).AskAsync(streaming);

        Assert.Equal(("", reason), (response.Text, response.FinishReason?.Value));
        Assert.Equal(["a Answered"], response.Trace().Attempts.Told());
        Assert.Empty(backup.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_refusal_is_an_answer(bool streaming)
    {
        var refusal = new ErrorContent("I will not.") { ErrorCode = "Refusal" };

        var response = await TestPipeline.Of(FakeChatClient.Playing(refusal, ChatFinishReason.Stop), FakeChatClient.Answering("Hello")).AskAsync(streaming);

        Assert.Equal("I will not.", Assert.IsType<ErrorContent>(Assert.Single(response.Messages.Single().Contents)).Message);
        Assert.Equal(["a Answered"], response.Trace().Attempts.Told());
    }

    private static FakeChatClient Down() => FakeChatClient.Playing(new HttpRequestException("Down.", null, System.Net.HttpStatusCode.ServiceUnavailable));
}

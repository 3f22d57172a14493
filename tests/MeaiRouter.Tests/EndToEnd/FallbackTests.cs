using MeaiRouter.Attempts;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

public sealed class FallbackTests
{
    private const string Text = "Smörgåsbord, 寿司 and 🍕: the second provider's answer, to the character.";

    public static TheoryData<string, bool, FailureKind> Faults()
    {
        var data = new TheoryData<string, bool, FailureKind>();
        foreach (var (fault, kind) in new (string, FailureKind)[]
        {
            ("unavailable", FailureKind.Unavailable),
            ("rate limited", FailureKind.RateLimited),
            ("wrong key", FailureKind.Unauthorized),
            ("no credit", FailureKind.PaymentRequired),
            ("unknown model", FailureKind.ModelNotFound),
            ("internal error", FailureKind.ServerError),
            ("overloaded", FailureKind.Overloaded),
            ("reset", FailureKind.ConnectionFailed),
            ("closed", FailureKind.ConnectionFailed),
            ("hangs", FailureKind.Timeout),
            ("hangs after role", FailureKind.Timeout),
            ("keep-alives only", FailureKind.Timeout),
            ("cut before content", FailureKind.Truncated),
            ("empty answer", FailureKind.EmptyAnswer),
            ("error with 200", FailureKind.Unavailable),
            ("malformed", FailureKind.MalformedAnswer),
            ("page", FailureKind.MalformedAnswer),
        })
        {
            data.Add(fault, false, kind);
            data.Add(fault, true, kind);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_failure_before_the_first_content_is_answered_by_the_next_endpoint(string fault, bool streaming, FailureKind kind)
    {
        await using var providers = await TwoProviders.StartAsync(
            Fault(fault), Reply.Text(Text).WithUsage(prompt: 10, completion: 20), isSilent: kind == FailureKind.Timeout);

        var response = await providers.AskAsync(streaming);

        Assert.Equal(Text, response.Text);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        var trace = response.GetRouteTrace()!;
        var attemptsHere = kind.Consequences().Here == RetryHere.Once ? 2 : 1;
        Assert.Equal([.. Enumerable.Repeat("first", attemptsHere), "second"], trace.Attempts.Select(attempt => attempt.Provider));
        Assert.Equal([.. Enumerable.Repeat(AttemptOutcome.Failed, attemptsHere), AttemptOutcome.Answered], trace.Attempts.Select(attempt => attempt.Outcome));
        Assert.All(trace.Attempts.SkipLast(1), attempt => Assert.Equal(kind, attempt.Failure!.Kind));
        Assert.Equal(attemptsHere, providers.First.RequestCount);
        Assert.Equal(1, providers.Second.RequestCount);
        Assert.Equal(streaming, providers.Second.Requests[0].Streamed);
        Assert.Equal(NanoUsd.FromUsd((10 * 10 + 20 * 20) / 1_000_000m), trace.Attempts[^1].Cost);
        var record = Assert.Single(providers.Ledger.Records);
        Assert.Equal(trace.Cost, record.Cost);
        Assert.Equal(trace.Id, record.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_malformed_request_is_not_sent_to_anybody_else(bool streaming)
    {
        await using var providers = await TwoProviders.StartAsync(MeaiRouter.Testing.Fault.BadRequest(), Reply.Text(Text));

        var failure = await Assert.ThrowsAsync<RouterException>(() => providers.AskAsync(streaming));

        Assert.Equal(FailureKind.InvalidRequest, failure.Kind);
        Assert.Equal(400, failure.Status);
        Assert.Equal(0, providers.Second.RequestCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_all_are_down_the_exception_tells_what_each_of_them_said(bool streaming)
    {
        await using var providers = await TwoProviders.StartAsync(
            MeaiRouter.Testing.Fault.RateLimited(TimeSpan.FromSeconds(20)), MeaiRouter.Testing.Fault.Unavailable());

        var failure = await Assert.ThrowsAsync<RouterException>(() => providers.AskAsync(streaming));

        Assert.Equal(FailureKind.Unavailable, failure.Kind);
        Assert.Equal([FailureKind.RateLimited, FailureKind.Unavailable], failure.Attempts.Select(attempt => attempt.Failure!.Kind));
        Assert.Equal([429, 503], failure.Attempts.Select(attempt => attempt.Failure!.Status));
        Assert.Equal(TimeSpan.FromSeconds(20), failure.Attempts[0].Failure!.RetryAfter);
        Assert.Contains("first/small-a: RateLimited (HTTP 429)", failure.Message, StringComparison.Ordinal);
        Assert.Contains("second/small-b: Unavailable (HTTP 503)", failure.Message, StringComparison.Ordinal);
        var record = Assert.Single(providers.Ledger.Records);
        Assert.Equal(NanoUsd.Zero, record.Cost);
    }

    [Theory]
    [InlineData("cut", FailureKind.Truncated, true)]
    [InlineData("cut", FailureKind.Truncated, false)]
    [InlineData("reset", FailureKind.Truncated, true)]
    [InlineData("reset", FailureKind.Truncated, false)]
    [InlineData("end", FailureKind.Incomplete, true)]
    [InlineData("end", FailureKind.Incomplete, false)]
    [InlineData("malformed", FailureKind.MalformedAnswer, true)]
    [InlineData("malformed", FailureKind.MalformedAnswer, false)]
    [InlineData("error", FailureKind.Unavailable, true)]
    [InlineData("error", FailureKind.Unavailable, false)]
    public async Task A_stream_that_breaks_after_content_goes_on_exactly_or_ends_in_a_typed_error(string fault, FailureKind kind, bool same)
    {
        // More characters than are held back.
        var beginning = new string('a', 70);
        var reply = Reply.Chunks(beginning, "two ", "three");
        await using var providers = await TwoProviders.StartAsync(
            fault switch
            {
                "cut" => reply.CutAfter(2),
                "reset" => reply.ResetAfter(2),
                "end" => reply.EndAfter(2),
                "malformed" => reply.MalformedAfter(2),
                _ => reply.ErrorAfter(2),
            },
            same ? Reply.Chunks(beginning + "two ", "three") : Reply.Text(Text));

        var text = "";
        var failure = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in providers.Client.GetStreamingResponseAsync("Hello", TwoProviders.Routed()))
                text += update.Text;
        });

        // A reset may overtake the last bytes, and then the first attempt has shown less or nothing.
        if (failure is null)
        {
            Assert.Contains(text, same ? [beginning + "two three"] : fault == "reset" ? (string[])[Text] : []);
        }
        else
        {
            Assert.False(same);
            Assert.NotEmpty(text);
            Assert.StartsWith(text, beginning + "two ", StringComparison.Ordinal);
            Assert.Equal(kind, Assert.IsType<RouterException>(failure).Kind);
        }

        var attempts = Assert.Single(providers.Ledger.Records).Attempts;
        Assert.Equal(["first", "second"], attempts.Select(attempt => attempt.Provider));
        Assert.Equal(kind, attempts[0].FailureKind);
        Assert.Equal(1, providers.Second.RequestCount);
    }

    [Fact]
    public async Task A_whole_answer_without_a_finish_reason_is_answered_by_the_next_endpoint()
    {
        await using var providers = await TwoProviders.StartAsync(Reply.Text("Half an ans").WithoutFinishReason(), Reply.Text(Text));

        var response = await providers.AskAsync(streaming: false);

        Assert.Equal(Text, response.Text);
        Assert.Equal(FailureKind.Incomplete, response.GetRouteTrace()!.Attempts[0].Failure!.Kind);
    }

    [Fact]
    public async Task A_stream_without_done_is_whole_if_it_has_a_finish_reason()
    {
        await using var providers = await TwoProviders.StartAsync(Reply.Text("All there.").WithoutDone(), Reply.Text(Text));

        var response = await providers.AskAsync(streaming: true);

        Assert.Equal("All there.", response.Text);
        Assert.Equal(AttemptOutcome.Answered, Assert.Single(response.GetRouteTrace()!.Attempts).Outcome);
    }

    private static ScriptStep Fault(string name) => name switch
    {
        "unavailable" => MeaiRouter.Testing.Fault.Unavailable(),
        "rate limited" => MeaiRouter.Testing.Fault.RateLimited(TimeSpan.FromSeconds(30)),
        "wrong key" => MeaiRouter.Testing.Fault.Unauthorized(),
        "no credit" => MeaiRouter.Testing.Fault.PaymentRequired(),
        "unknown model" => MeaiRouter.Testing.Fault.ModelNotFound(),
        "internal error" => MeaiRouter.Testing.Fault.InternalError(),
        "overloaded" => MeaiRouter.Testing.Fault.Overloaded(),
        "reset" => MeaiRouter.Testing.Fault.Reset(),
        "closed" => MeaiRouter.Testing.Fault.Closed(),
        "hangs" => MeaiRouter.Testing.Fault.Silence(),
        "hangs after role" => Reply.Empty.StallAfter(0),
        "keep-alives only" => Reply.Empty.WithKeepAlives(TimeSpan.FromMilliseconds(20)).StallAfter(0),
        "cut before content" => Reply.Text("Never seen.").CutAfter(0),
        "empty answer" => Reply.Empty,
        "error with 200" => MeaiRouter.Testing.Fault.ErrorWith200(),
        "malformed" => Reply.Text("Never seen.").MalformedAfter(0),
        "page" => MeaiRouter.Testing.Fault.Html(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a fault."),
    };
}

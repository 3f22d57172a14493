using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>The first provider fails, the second answers, and the caller notices nothing but the name and the price.</summary>
public sealed class FallbackTests : GatewayTest
{
    private const string Text = "Grüße vom zweiten — 你好 🙂, exact to the character.";

    /// <summary>What the first provider does, how the attempt is recorded, and whether it may have cost something.</summary>
    private static readonly Dictionary<string, (ScriptStep Step, FailureKind Kind, bool MayHaveCost)> Faults = new()
    {
        ["503"] = (Fault.Unavailable(), FailureKind.Unavailable, false),
        ["429"] = (Fault.RateLimited(TimeSpan.FromSeconds(30)), FailureKind.RateLimited, false),
        ["401"] = (Fault.Unauthorized(), FailureKind.Unauthorized, false),
        ["page"] = (Fault.Html(), FailureKind.MalformedAnswer, true),
        ["empty answer"] = (Reply.Empty, FailureKind.EmptyAnswer, true),
        ["in-band error"] = (Reply.Text("lost").ErrorAfter(0), FailureKind.Unavailable, false),
        ["200 with an error"] = (Fault.ErrorWith200(), FailureKind.Unavailable, false),
        ["cut before content"] = (Reply.Text("lost").CutAfter(0), FailureKind.Truncated, true),
        ["reset before content"] = (Reply.Text("lost").ResetAfter(0), FailureKind.Truncated, true),
        ["ended before content"] = (Reply.Text("lost").EndAfter(0), FailureKind.EmptyAnswer, true),
        ["closed"] = (Fault.Closed(), FailureKind.ConnectionFailed, false),
        ["silence"] = (Fault.Silence(), FailureKind.Timeout, true),
        ["stalled before content"] = (Reply.Text("lost").StallAfter(0), FailureKind.Timeout, true),
        ["keep-alives without content"] = (Reply.Text("lost").StallAfter(0).WithKeepAlives(TimeSpan.FromMilliseconds(20)), FailureKind.Timeout, true),
    };

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["MeaiRouter:Fallback:FirstContent"] = "0:00:00.4",
        ["MeaiRouter:Fallback:WholeAnswer"] = "0:00:00.4",
    };

    public static TheoryData<string, bool> EveryFaultInBothModes()
    {
        var data = new TheoryData<string, bool>();
        foreach (var name in Faults.Keys)
        {
            data.Add(name, false);
            data.Add(name, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(EveryFaultInBothModes))]
    public async Task The_caller_gets_the_second_providers_answer_to_the_character(string name, bool streaming)
    {
        var (step, kind, mayHaveCost) = Faults[name];
        FirstScript.Always(step);
        SecondScript.Always(Reply.Text(Text).WithUsage(prompt: 12, completion: 3));

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal((200, Text, "stop", "second"), (answer.Status, answer.Text, answer.FinishReason, answer.Provider));
        Assert.Equal((12, 3, 15), ((int)answer.Usage["prompt_tokens"]!, (int)answer.Usage["completion_tokens"]!, (int)answer.Usage["total_tokens"]!));
        var attemptsHere = kind.Consequences().Here == RetryHere.Once ? 2 : 1;
        Assert.Equal((attemptsHere, 1), (First.RequestCount, Second.RequestCount));

        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(answer.Id, record.Id);
        Assert.Equal(
            [.. Enumerable.Repeat(("first", AttemptOutcome.Failed, (FailureKind?)kind), attemptsHere), ("second", AttemptOutcome.Answered, null)],
            record.Attempts.Select(attempt => (attempt.Provider, attempt.Outcome, attempt.FailureKind)));

        // The second costs a dollar a token; the first nothing or an estimate.
        Assert.Equal(15m, record.Attempts[^1].Cost!.Value.ToUsd());
        Assert.Equal(mayHaveCost, record.Attempts[0].Cost!.Value.ToUsd() > 0);
        Assert.Equal(15m + record.Attempts[0].Cost!.Value.ToUsd(), record.Cost!.Value.ToUsd());
        Assert.Equal(record.Cost.Value.ToUsd(), answer.Cost);
    }

    [Theory]
    [InlineData(false, FailureKind.MalformedAnswer)] // No body is no JSON,
    [InlineData(true, FailureKind.EmptyAnswer)] // but a stream without events.
    public async Task An_empty_200_is_answered_by_the_second_provider(bool streaming, FailureKind kind)
    {
        FirstScript.Always(Fault.EmptyBody());
        SecondScript.Answers(Text);

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal((200, Text, "second"), (answer.Status, answer.Text, answer.Provider));
        Assert.Equal(kind, (await Gateway.Ledger.SingleAsync()).Attempts[0].FailureKind);
    }

    [Fact]
    public async Task A_whole_answer_with_an_error_beside_half_its_text_is_answered_by_the_second_provider()
    {
        FirstScript.Always(Reply.Text("half of the answer").ErrorAfter(2));
        SecondScript.Answers(Text);

        var answer = await Gateway.PostAsync(Hello(streaming: false));

        Assert.Equal((Text, "second"), (answer.Text, answer.Provider));
        Assert.Equal(FailureKind.Unavailable, (await Gateway.Ledger.SingleAsync()).Attempts[0].FailureKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_hangs_is_left_at_once_when_another_has_answered(bool streaming)
    {
        FirstScript.Always(Fault.Silence());
        SecondScript.Answers("second");

        Assert.Equal("second", (await Gateway.PostAsync(Hello(streaming))).Text);

        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_call_of_the_second_provider_arrives_whole(bool streaming)
    {
        FirstScript.Always(Reply.ToolCall("weather", new { city = "Lost" }).CutAfter(0));
        SecondScript.Always(Reply.ToolCall("weather", new { city = "Oslo" }, id: "call_9"));

        var answer = await Gateway.PostAsync(Hello(streaming));

        Assert.Equal("tool_calls", answer.FinishReason);
        var calls = streaming
            ? answer.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).SelectMany(choice => choice!["delta"]!["tool_calls"]?.AsArray() ?? [])
            : answer.Json["choices"]![0]!["message"]!["tool_calls"]!.AsArray();
        var call = Assert.Single(calls)!;
        HttpAnswer.AssertJson(
            $$"""{ "id": "call_9", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } {{(streaming ? """, "index": 0""" : "")}} }""", call);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_log_tells_of_the_failed_attempt_in_one_line(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("second");

        var answer = await Gateway.PostAsync(Hello(streaming));

        var line = Assert.Single(Gateway.Log.Visible);
        Assert.Matches($"^{answer.Id}: acme/small at first/small-1 failed with Unavailable \\(HTTP 503\\); second/small-2 is asked, [0-9]+ ms later\\.$", line);
    }
}

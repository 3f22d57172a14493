using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>The first provider's bytes end somewhere; the caller gets an exact text and <c>[DONE]</c>, or what he has and the error.</summary>
public sealed class ContinuationTests : GatewayTest
{
    private const string Text = "Zażółć 🙂 e\u0301\r\n!";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        // Every cut is one after the commit, as far as there is content before it.
        ["MeaiRouter:Fallback:HoldCharacters"] = "0",
    };

    public static TheoryData<bool, bool> CutOrEndedAndSameOrNot => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(CutOrEndedAndSameOrNot))]
    public async Task A_stream_that_stops_at_any_byte_ends_in_an_exact_text_or_an_error(bool cut, bool same)
    {
        const string Other = "Something else.";
        var bytes = Sse("Zażó", "łć 🙂", " e\u0301\r", "\n!");
        SecondScript.Always(Reply.Chunks(same ? Text : Other));
        var (broken, answered) = (0, 0);

        for (var length = 0; length <= bytes.Length; length++)
        {
            var reply = length == 0 ? Reply.Sse() : Reply.Sse(bytes[..length]);
            FirstScript.Next(cut ? reply.CutAfter(1) : reply);

            var answer = await Gateway.PostAsync(Hello(streaming: true, ("provider", new { order = new[] { "first", "second" } })));

            Assert.Equal(length + 1, First.RequestCount);
            if (answer.Events[^1] == "[DONE]")
            {
                Assert.Equal("stop", answer.FinishReason);
                Assert.DoesNotContain(answer.Chunks, chunk => chunk["error"] is not null);
                Assert.Contains(answer.Text, same ? [Text] : (string[])[Text, Other]);
                answered++;
            }
            else
            {
                Assert.False(same);
                Assert.StartsWith(answer.Text, Text, StringComparison.Ordinal);
                Assert.NotEmpty(answer.Text);
                Assert.NotNull(answer.Chunks[^1]["error"]);
                Assert.DoesNotContain("[DONE]", answer.Events);
                broken++;
            }

            Assert.Equal(answer.Id, answer.Headers["X-Generation-Id"]);
        }

        Assert.Equal(bytes.Length + 1, answered + broken);
        Assert.Equal(same, broken == 0);
        Assert.InRange(Second.RequestCount, 1, bytes.Length);
    }

    [Fact]
    public async Task A_continued_answer_costs_what_both_attempts_cost_and_keeps_the_name_with_which_it_began()
    {
        FirstScript.Always(Reply.Chunks("one ", "two ").CutAfter(2));
        SecondScript.Always(Reply.Chunks("one ", "two three").WithUsage(prompt: 12, completion: 3));

        var answer = await Gateway.PostAsync(Hello(streaming: true));

        Assert.Equal(("one two three", "stop", "first"), (answer.Text, answer.FinishReason, answer.Provider));
        Assert.Equal((12, 3), ((int)answer.Usage["prompt_tokens"]!, (int)answer.Usage["completion_tokens"]!));
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal(
            [("first", AttemptOutcome.Failed, (FailureKind?)FailureKind.Truncated), ("second", AttemptOutcome.Answered, null)],
            record.Attempts.Select(attempt => (attempt.Provider, attempt.Outcome, attempt.FailureKind)));
        Assert.True(record.Attempts[0].Cost!.Value.ToUsd() > 0);
        Assert.Equal(15m + record.Attempts[0].Cost!.Value.ToUsd(), record.Cost!.Value.ToUsd());
        Assert.Equal(record.Cost.Value.ToUsd(), answer.Cost);
    }

    [Fact]
    public async Task A_tool_call_cut_in_its_arguments_comes_whole_from_the_second()
    {
        FirstScript.Always(Reply.Chunks("Let me look. ").WithToolCall("weather", new { city = "Lost", country = "Nowhere" }).CutAfter(2));
        SecondScript.Always(Reply.Chunks("Let me look. ").WithToolCall("weather", new { city = "Oslo" }));

        var answer = await Gateway.PostAsync(Hello(streaming: true));

        Assert.Equal(("Let me look. ", "tool_calls", "[DONE]"), (answer.Text, answer.FinishReason, answer.Events[^1]));
        var call = Assert.Single(answer.Chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).SelectMany(choice => choice!["delta"]?["tool_calls"]?.AsArray() ?? []));
        Assert.Equal("""{"city":"Oslo"}""", (string)call!["function"]!["arguments"]!);
    }

    /// <summary>A whole answer as it goes over the wire, in ASCII, so that every character of it is a byte.</summary>
    private static string Sse(params string[] pieces)
    {
        var sse = new StringBuilder();
        foreach (var piece in pieces)
            sse.Append("data: ").Append(JsonSerializer.Serialize(Chunk(new { content = piece }, null))).Append("\n\n");
        sse.Append("data: ").Append(JsonSerializer.Serialize(Chunk(new { }, "stop"))).Append("\n\ndata: [DONE]\n\n");
        Assert.True(Ascii.IsValid(sse.ToString()));
        return sse.ToString();

        static object Chunk(object delta, string? finish) => new { id = "c", choices = new[] { new { index = 0, delta, finish_reason = finish } } };
    }
}

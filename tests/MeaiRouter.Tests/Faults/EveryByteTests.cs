using System.Globalization;
using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Testing;

namespace MeaiRouter.Tests.Faults;

/// <summary>An answer with reasoning, text, a tool call and usage whose bytes stop anywhere.</summary>
public sealed class EveryByteTests
{
    private const int AtOnce = 16;

    private static readonly Heard Whole = new("Hm. So", "Zermatt: \ud83c\udf1e", """call_1 sun {"city":"Z"}""");
    private static readonly Heard Other = new("", "Something else.", "");

    public static TheoryData<bool, bool> CutOrEndedAndSameOrNot => new() { { true, true }, { true, false }, { false, true }, { false, false } };

    [Theory]
    [MemberData(nameof(CutOrEndedAndSameOrNot))]
    public async Task A_stream_that_stops_at_any_byte_ends_in_the_exact_answer_or_the_typed_error(bool cut, bool same)
    {
        var bytes = Sse();
        await using var pipeline = await FaultPipeline.StartAsync(
            Reply.From(request => Stopping(bytes, int.Parse(request.LastUserText, CultureInfo.InvariantCulture), cut)),
            same ? Reply.Sse(bytes) : Reply.Text(Other.Text),
            options => options.HoldCharacters = 0);
        var broken = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, bytes.Length + 1), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (length, _) =>
        {
            var (heard, _, _, failure) = await pipeline.AskAsync(streaming: true, length.ToString(CultureInfo.InvariantCulture));
            if (failure is null)
            {
                Assert.Contains(heard, same ? [Whole] : (Heard[])[Whole, Other]);
            }
            else
            {
                Assert.IsType<RouterException>(failure);
                Assert.False(same, $"Stopped after {length} bytes: {failure.Message}");
                Assert.True(heard != Heard.Nothing && heard.Begins(Whole), $"{heard} after {length} bytes");
                Interlocked.Increment(ref broken);
            }
        });

        Assert.Equal(bytes.Length + 1, pipeline.First.RequestCount);
        Assert.Equal(bytes.Length + 1, pipeline.Ledger.Records.Count);
        Assert.InRange(pipeline.Second.RequestCount, 1, bytes.Length);
        Assert.Equal(same, broken == 0);
        Assert.Equal((0, 0), (pipeline.FirstHealth.InFlight, pipeline.SecondHealth.InFlight));
    }

    private static Reply Stopping(string bytes, int length, bool cut)
    {
        var reply = length == 0 ? Reply.Sse() : Reply.Sse(bytes[..length]);
        return cut ? reply.CutAfter(1) : reply;
    }

    /// <summary>The answer as it goes over the wire, in ASCII, so that every character of it is a byte.</summary>
    private static string Sse()
    {
        object[] deltas =
        [
            new { role = "assistant" },
            new { reasoning = "Hm." },
            new { reasoning = " So" },
            new { content = "Zermatt: " },
            new { content = "\ud83c\udf1e" },
            new { tool_calls = new[] { new { index = 0, id = "call_1", type = "function", function = new { name = "sun", arguments = "" } } } },
            new { tool_calls = new[] { new { index = 0, function = new { arguments = "{\"city\":" } } } },
            new { tool_calls = new[] { new { index = 0, function = new { arguments = "\"Z\"}" } } } },
        ];
        var sse = new StringBuilder();
        foreach (var delta in deltas)
            Add(new { id = "c", choices = new[] { new { index = 0, delta } } });
        Add(new { id = "c", choices = new[] { new { index = 0, delta = new { }, finish_reason = "tool_calls" } } });
        Add(new { id = "c", choices = Array.Empty<object>(), usage = new { prompt_tokens = 10, completion_tokens = 20, total_tokens = 30 } });
        sse.Append("data: [DONE]\n\n");
        Assert.True(Ascii.IsValid(sse.ToString()));
        return sse.ToString();

        void Add(object chunk) => sse.Append("data: ").Append(JsonSerializer.Serialize(chunk)).Append("\n\n");
    }
}

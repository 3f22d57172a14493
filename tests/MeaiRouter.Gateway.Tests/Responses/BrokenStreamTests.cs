using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Responses;

/// <summary>The first provider's bytes end somewhere; the caller gets an exact answer as completed, or what he has as failed.</summary>
public sealed class BrokenStreamTests : ResponsesTest
{
    private static readonly string[] Pieces = ["Zażó", "łć 🙂", " e\u0301\r", "\n!"];
    private static readonly string Text = string.Concat(Pieces);

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        // Every cut is one after the commit, as far as there is content before it.
        ["MeaiRouter:Fallback:HoldCharacters"] = "0",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stream_that_stops_at_any_byte_is_completed_with_an_exact_text_or_failed(bool same)
    {
        const string Other = "Something else.";
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Pieces.Select(piece => Event($$"""{"content":{{JsonValue.Create(piece).ToJsonString()}} }""", "null")))
            + Event("{}", "\"stop\"") + "data: [DONE]\n\n");
        SecondScript.Always(Reply.Chunks(same ? Text : Other));
        var (failed, completed) = (0, 0);

        for (var length = 1; length <= bytes.Length; length += 7)
        {
            FirstScript.Next(Reply.Sse(Utf8(bytes, length)).CutAfter(1));

            var answer = await PostAsync(Ask(streaming: true, ("provider", new { order = new[] { "first", "second" } })));

            var (events, response) = (EventsOf(answer), ResponseOf(answer));
            Assert.Equal(DeltasOf(answer), TextOf(response));
            Assert.Equal(
                events.Where(e => (string?)e["type"] == "response.output_item.done").Select(e => e["item"]!.ToJsonString()), response["output"]!.AsArray().Select(item => item!.ToJsonString()));
            if ((string?)response["status"] == "completed")
            {
                Assert.Contains(TextOf(response), same ? [Text] : (string[])[Text, Other]);
                Assert.DoesNotContain(events, e => (string?)e["type"] is "error" or "response.failed");
                completed++;
            }
            else
            {
                Assert.False(same);
                Assert.Equal(("response.failed", "failed", "error"), ((string)events[^1]["type"]!, (string)response["status"]!, (string)events[^2]["type"]!));
                Assert.StartsWith(TextOf(response), Text, StringComparison.Ordinal);
                Assert.NotEmpty(TextOf(response));
                failed++;
            }
        }

        Assert.True(completed > 0);
        Assert.Equal(same, failed == 0);
    }

    // A text cannot end within a character; the bytes before it are as good.
    private static string Utf8(byte[] bytes, int length)
    {
        while (length > 0 && length < bytes.Length && (bytes[length] & 0xC0) == 0x80)
            length--;
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private static string Event(string delta, string finish) => $$"""data: {"id":"c","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}} }]}""" + "\n\n";
}

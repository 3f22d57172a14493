using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>A chunk that repeats the last but for its text is written from that one's bytes.</summary>
public sealed class RepeatedChunkTests
{
    private static readonly string[] Texts =
    [
        "word ", "", "\"quoted\"", "back\\slash", "line\nend\r\t", "é", "日本語", "😀", "\ud83d", "\ude00", "\u0000\u001f\u007f\u2028", "<&>'+`", new string('a', 5_000), new string('\n', 3_000),
    ];

    [Fact]
    public async Task Updates_are_written_as_if_each_chunk_were_written_whole()
    {
        var random = new Random(11);
        for (var stream = 0; stream < 200; stream++)
        {
            ChatResponseUpdate[] updates = [.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => RandomUpdate(random))];
            Assert.Equal(WrittenWhole(updates), await WrittenAsync(updates));
        }
    }

    private static ChatResponseUpdate RandomUpdate(Random random)
    {
        var text = Texts[random.Next(Texts.Length)];
        var update = new ChatResponseUpdate(ChatRole.Assistant, text) { ResponseId = "r", ModelId = "m" };
        switch (random.Next(14))
        {
            case 0:
                update.ResponseId = "other";
                break;
            case 1:
                update.ModelId = "other";
                break;
            case 2:
                update.ModelId = update.ResponseId = null;
                break;
            case 3:
                update.CreatedAt = DateTimeOffset.FromUnixTimeSeconds(random.Next());
                break;
            case 4:
                update.FinishReason = ChatFinishReason.Stop;
                break;
            case 5:
                update.AdditionalProperties = new() { ["system_fingerprint"] = "fp" };
                break;
            case 6:
                update.Contents = [new TextReasoningContent(text)];
                break;
            case 7:
                update.Contents = [new FunctionCallContent("id", "f", new Dictionary<string, object?>())];
                break;
            case 8:
                update.Contents = [new TextContent(text), new TextContent("more")];
                break;
            case 9:
                update.Contents[0].Annotations = [new CitationAnnotation { Url = new Uri("https://a.example/") }];
                break;
        }

        return update;
    }

    private static string WrittenWhole(ChatResponseUpdate[] updates)
    {
        var writer = new AnswerStreamWriter();
        var heading = new AnswerHeading("gen-1", 5);
        var written = new StringBuilder();
        foreach (var update in updates)
        {
            if (writer.Write(update) is { } chunk)
                written.Append("data: ").Append(JsonSerializer.Serialize(heading.PutOn(chunk, null, null), WireJson.Strict.ChatCompletion)).Append("\n\n");
        }

        return written.ToString();
    }

    private static async Task<string> WrittenAsync(ChatResponseUpdate[] updates)
    {
        using var output = new MemoryStream();
        var pipe = PipeWriter.Create(output);
        using (var events = new EventWriter(pipe))
        {
            var form = new CompletionStream(new AnswerHeading("gen-1", 5), null, null);
            form.Head(updates[0]);
            foreach (var update in updates)
            {
                form.Write(update, events);
                if (events.IsFull)
                    await events.FlushAsync(CancellationToken.None);
            }

            await events.FlushAsync(CancellationToken.None);
        }

        await pipe.CompleteAsync();
        return Encoding.UTF8.GetString(output.ToArray());
    }
}

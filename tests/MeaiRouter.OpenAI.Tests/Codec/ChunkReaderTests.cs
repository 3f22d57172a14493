using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>Reading only the text of a chunk that is otherwise known gives what reading all of it gives.</summary>
public sealed class ChunkReaderTests
{
    private const string Head = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":";
    private const string Tail = "},\"finish_reason\":null}]}";

    private static readonly AnswerSource Source = new("acme");

    // What stands between the quotes of a text, right and wrong.
    private static readonly string[] Insides =
    [
        "", " word", "a", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\ud83d\\ude00", "\\ud83d", "\\ude00", "\\u00e9", "é", "日本語", "😀", "\\t\\b\\f\\r",
        "ends in a backslash \\\\", "quote \\\" inside", "\u007f", "\\x", "\\u12", "\u0001", "\n", "\"", "\",\"content\":\"twice", "\\", "}", "\"},\"finish_reason\":null}]}",
    ];

    [Fact]
    public void Chunks_of_a_stream_read_one_after_the_other_are_what_each_of_them_is_alone()
    {
        var random = new Random(7);
        for (var stream = 0; stream < 300; stream++)
        {
            var reader = new ChunkReader(Source);
            for (var i = 0; i < 30; i++)
            {
                var chunk = RandomChunk(random);
                Assert.Equal(Outcome(() => AnswerReader.Parse(chunk, Source)), Outcome(() => reader.Parse(chunk)));
            }
        }
    }

    [Fact]
    public void Updates_of_a_stream_are_what_they_are_where_each_chunk_is_read_alone()
    {
        var random = new Random(11);
        for (var stream = 0; stream < 300; stream++)
        {
            // Chunks that repeat each other whatever they say beside their text, with others in between.
            byte[][] kinds = [RandomChunk(random), RandomChunk(random)];
            var chunks = Enumerable.Range(0, 20).Select(_ => kinds[random.Next(5) / 4]).ToList();
            var reader = new ChunkReader(Source);
            Assert.Equal(Updates(chunks, chunk => AnswerReader.Parse(chunk, Source)), Updates(chunks, chunk => reader.Parse(chunk)));
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_read_as_they_are_alone()
    {
        byte[][] texts = [[0xc3], [0xff, 0xfe], [0xed, 0xa0, 0x80], [0xc3, 0xa9], [0xf0, 0x9f, 0x98, 0x80], [0xf0, 0x9f], [0]];
        var reader = new ChunkReader(Source);
        foreach (var text in texts)
        {
            _ = reader.Parse(Encoding.UTF8.GetBytes(Head + "\"known\"" + Tail));
            byte[] chunk = [.. Encoding.UTF8.GetBytes(Head + "\"a"), .. text, .. Encoding.UTF8.GetBytes("b\"" + Tail)];
            Assert.Equal(Outcome(() => AnswerReader.Parse(chunk, Source)), Outcome(() => reader.Parse(chunk)));
        }
    }

    [Fact]
    public void A_chunk_that_changes_what_is_read_of_it_changes_nothing_in_those_that_follow()
    {
        var reader = new ChunkReader(Source);
        var first = reader.Parse(Encoding.UTF8.GetBytes(Head + "\"a\"" + Tail));
        var second = reader.Parse(Encoding.UTF8.GetBytes(Head + "\"b\"" + Tail));
        second.Choices![0].Delta!.Content = new MessageContent("changed");
        second.Id = "changed";
        first.Model = "changed";
        var third = reader.Parse(Encoding.UTF8.GetBytes(Head + "\"c\"" + Tail));

        Assert.Equal(("a", "c"), (first.Choices![0].Delta!.Content!.Value.Text, third.Choices![0].Delta!.Content!.Value.Text));
        Assert.Equal(("changed", "changed"), (second.Choices![0].Delta!.Content!.Value.Text, second.Id));
        Assert.Equal(("c", "m"), (third.Id, third.Model));
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a","content":"b"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"},"delta":{"role":"assistant"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"choices":[]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}""")]
    [InlineData("""{"choices":{"delta":{"content":"a"}}}""")]
    [InlineData("""{"obfuscation":"x","choices":[{"delta":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"obfuscation":"x","obfuscation":"y"}""")]
    [InlineData("""{"choices":[{"message":{"content":"a"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":["a"]}}]}""")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("[]")]
    public void A_chunk_whose_text_could_be_meant_otherwise_has_no_frame(string chunk) => Assert.Null(ChunkFrame.Around(Encoding.UTF8.GetBytes(chunk)));

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"obfuscation":"x"}""", """{"choices":[{"delta":{"content":"b\n"}}],"obfuscation":"yz"}""", "b\n")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"obfuscation":"x"}""", """{"choices":[{"delta":{"content":"b"}}],"obfuscation":"y\u0041"}""", null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}],"obfuscation":"x"}""", """{"choices":[{"delta":{"content":"b"}}]}""", null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""", """{"choices":[{"delta":{"content":"b"}}],"obfuscation":"x"}""", null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""", """{"choices":[{"delta":{"content":"b"}}]} """, null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""", """{"choices":[{"delta":{"content":"b"}}""", null)]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""", """{"choices":[{"delta":{"content":"b""", null)]
    public void A_frame_tells_the_text_of_a_chunk_that_has_it(string known, string chunk, string? text) =>
        Assert.Equal(text, ChunkFrame.Around(Encoding.UTF8.GetBytes(known))!.Text(Encoding.UTF8.GetBytes(chunk)));

    private static byte[] RandomChunk(Random random)
    {
        var text = string.Concat(Enumerable.Range(0, random.Next(3)).Select(_ => Insides[random.Next(Insides.Length)]));
        var rest = random.Next(14) switch
        {
            0 => "},\"finish_reason\":\"stop\"}]}",
            1 => "},\"finish_reason\":null}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}",
            2 => "},\"finish_reason\":null}],\"obfuscation\":\"" + new string('x', random.Next(4)) + "\"}",
            3 => ",\"role\":\"assistant\"},\"finish_reason\":null}]}",
            4 => "},\"finish_reason\":null,\"logprobs\":{\"content\":[]}}],\"system_fingerprint\":\"f\"}",
            5 => "},\"finish_reason\":null}],\"provider\":\"p\",\"citations\":[\"https://a.example\"]}",
            6 => ",\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"1\"}}]},\"finish_reason\":null}]}",
            7 => ",\"refusal\":\"no\"},\"finish_reason\":null}]}",
            8 => ",\"reasoning\":\"hm\"},\"finish_reason\":null}]}",
            9 => ",\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"url\":\"https://a.example\"}}]},\"finish_reason\":null}]}",
            _ => Tail,
        };
        return Encoding.UTF8.GetBytes(Head + "\"" + text + "\"" + rest);
    }

    // All that can be seen of an answer's updates, the chunks they came in included, up to where it fails.
    private static List<string> Updates(IEnumerable<byte[]> chunks, Func<byte[], ChatCompletion> parse)
    {
        var seen = new List<string>();
        var reader = new AnswerStreamReader(Source);
        try
        {
            foreach (var chunk in chunks)
                Add(reader.Read(parse(chunk)));
            foreach (var update in reader.Complete())
                Add(update);
        }
        catch (RouterException exception)
        {
            seen.Add($"{exception.Kind} {exception.Message}");
        }

        return seen;

        void Add(ChatResponseUpdate? update) => seen.Add(
            update is null ? "nothing" : JsonSerializer.Serialize(update, AIJsonUtilities.DefaultOptions) + Raw(update.RawRepresentation));

        static string Raw(object? raw) => raw is ChatCompletion chunk ? JsonSerializer.Serialize(chunk, WireJson.Strict.ChatCompletion) : "";
    }

    // All that can be seen of a chunk: what it says, halves of characters included, or how it fails.
    private static string Outcome(Func<ChatCompletion> parse)
    {
        try
        {
            var chunk = parse();
            var text = chunk.Choices![0].Delta!.Content?.Text ?? "";
            return JsonSerializer.Serialize(chunk, WireJson.Strict.ChatCompletion) + string.Join(' ', text.Select(static unit => (int)unit));
        }
        catch (RouterException exception)
        {
            return $"{exception.Kind} {exception.Message}";
        }
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Tests.Messages;

/// <summary>The codec against itself: what is read is written again, and the streamed answer is the whole one.</summary>
public sealed class BothWaysTests
{
    private const string Conversation = """
        { "model": "claude-sonnet-4-5", "max_tokens": 4096,
          "system": [ { "type": "text", "text": "Be kind.", "cache_control": { "type": "ephemeral" } } ],
          "messages": [
            { "role": "user", "content": [ { "type": "text", "text": "Look." },
              { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" }, "cache_control": { "type": "ephemeral" } },
              { "type": "document", "title": "A", "context": "c", "citations": { "enabled": true }, "source": { "type": "base64", "media_type": "application/pdf", "data": "AQID" } },
              { "type": "document", "title": "B", "source": { "type": "text", "media_type": "text/plain", "data": "Words." } },
              { "type": "document", "source": { "type": "content", "content": [ { "type": "text", "text": "In a block." } ] } },
              { "type": "document", "source": { "type": "file", "file_id": "file_1" } },
              { "type": "search_result", "source": "https://example.com/", "title": "E", "content": [ { "type": "text", "text": "Found." } ], "citations": { "enabled": true } } ] },
            { "role": "assistant", "content": [ { "type": "thinking", "thinking": "Hm.", "signature": "sig-1" }, { "type": "redacted_thinking", "data": "eA==" },
              { "type": "text", "text": "I see." }, { "type": "tool_use", "id": "toolu_1", "name": "f", "input": { "a": [1, { "b": null }] } } ] },
            { "role": "user", "content": [ { "type": "tool_result", "tool_use_id": "toolu_1", "is_error": true, "cache_control": { "type": "ephemeral", "ttl": "1h" },
              "content": [ { "type": "text", "text": "No." }, { "type": "image", "source": { "type": "base64", "media_type": "image/gif", "data": "AQID" } } ] }, { "type": "text", "text": "So?" } ] } ],
          "tools": [ { "name": "f", "description": "Does.", "input_schema": { "type": "object" }, "strict": true, "cache_control": { "type": "ephemeral" }, "input_examples": [ {} ] } ],
          "tool_choice": { "type": "auto", "disable_parallel_tool_use": true }, "thinking": { "type": "enabled", "budget_tokens": 2048 }, "stop_sequences": ["END"],
          "metadata": { "user_id": "u-1" }, "service_tier": "standard_only", "cache_control": { "type": "ephemeral" },
          "output_config": { "format": { "type": "json_schema", "schema": { "type": "object" } } } }
        """;

    [Fact]
    public void A_request_that_is_read_and_written_again_is_the_same()
    {
        var (messages, options) = RequestReader.Read(RequestReader.Parse(Encoding.UTF8.GetBytes(Conversation)));

        var written = RequestWriter.Write(messages, options, AnthropicDialect.Default, null, 1);

        AssertSame(JsonNode.Parse(Conversation)!, JsonSerializer.SerializeToNode(written)!);
    }

    [Theory]
    [InlineData("""{ "type": "adaptive" }""", """{ "effort": "low" }""")]
    [InlineData("""{ "type": "adaptive" }""", """{ "effort": "max" }""")]
    [InlineData("""{ "type": "disabled" }""", "null")]
    public void Thinking_by_effort_is_the_same(string thinking, string output)
    {
        var body = $$"""{ "model": "claude-opus-5", "max_tokens": 9, "messages": [ { "role": "user", "content": "?" } ], "thinking": {{thinking}}, "output_config": {{output}} }""";
        var (messages, options) = RequestReader.Read(RequestReader.Parse(Encoding.UTF8.GetBytes(body)));

        var written = RequestWriter.Write(messages, options, AnthropicDialect.Default, null, 1);

        AssertSame(JsonNode.Parse(thinking), JsonNode.Parse(written["thinking"].GetRawText()));
        AssertSame(JsonNode.Parse(output), written.TryGetValue("output_config", out var config) ? JsonNode.Parse(config.GetRawText()) : null);
    }

    [Fact]
    public void The_pieces_of_an_answer_make_the_blocks_of_the_whole_one()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var contents = Enumerable.Range(0, random.Next(1, 7)).Select(_ => Content(random)).ToList();
            var whole = new ChatResponse(new ChatMessage(ChatRole.Assistant, contents)) { FinishReason = ChatFinishReason.Stop };

            var written = JsonSerializer.SerializeToNode(AnswerWriter.Write(whole).Content, MessagesJson.Wire.Options);
            var streamed = new JsonArray();
            var writer = new AnswerStreamWriter();
            foreach (var update in contents.SelectMany(content => Pieces(content, random)))
                Assemble(streamed, writer.Write(new ChatResponseUpdate(ChatRole.Assistant, [update])));
            Assemble(streamed, writer.EndBlocks());

            AssertSame(written, streamed);
        }
    }

    [Fact]
    public void An_answer_of_any_shape_is_read_or_refused_and_never_crashes()
    {
        const string Answer = """{"id":"m","type":"message","model":"x","content":[{"type":"text","text":"t","citations":[{"type":"char_location","cited_text":"c"}]},{"type":"thinking","thinking":"h","signature":"s"},{"type":"tool_use","id":"i","name":"n","input":{"a":1}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"cache_creation":{"ephemeral_1h_input_tokens":1},"output_tokens":2}}""";
        string[] others = ["null", "1", "\"x\"", "[]", "{}", "[null]", "true", "1e999", "[{\"type\":5}]"];
        var node = JsonNode.Parse(Answer)!;
        foreach (var path in Paths(node, ""))
        {
            foreach (var other in others)
            {
                var changed = JsonElement.Parse(Replace(Answer, path, other));
                var response = AnswerReader.Read(changed);
                var usage = path.StartsWith("/usage", StringComparison.Ordinal) ? null : response.Usage;
                Assert.True(path.StartsWith("/usage", StringComparison.Ordinal) || usage!.OutputTokenCount == 2, path);
            }
        }
    }

    private static AIContent Content(Random random) => random.Next(6) switch
    {
        0 => new TextContent("some text"),
        1 => new TextContent("cited") { Annotations = [new CitationAnnotation { Url = new Uri("https://example.com/"), Title = "E" }] },
        2 => ThinkingBlocks.Read("thoughts", "sig"),
        3 => ThinkingBlocks.ReadRedacted("eA=="),
        4 => new TextReasoningContent("unsigned"),
        _ => new FunctionCallContent("id", "f", new Dictionary<string, object?> { ["a"] = 1 }),
    };

    private static IEnumerable<AIContent> Pieces(AIContent content, Random random)
    {
        switch (content)
        {
            case TextContent text:
                var cut = random.Next(1, text.Text.Length);
                yield return new TextContent(text.Text[..cut]);
                yield return new TextContent(text.Text[cut..]);
                if (text.Annotations is not null)
                    yield return new TextContent("") { Annotations = text.Annotations };
                break;
            case TextReasoningContent { Text.Length: > 0 } reasoning:
                yield return new TextReasoningContent(reasoning.Text[..3]);
                yield return new TextReasoningContent(reasoning.Text[3..]);
                if (reasoning.ProtectedData is { } data)
                    yield return new TextReasoningContent("") { ProtectedData = data };
                break;
            default:
                yield return content;
                break;
        }
    }

    private static void Assemble(JsonArray blocks, IReadOnlyList<StreamEvent> events)
    {
        foreach (var @event in events)
        {
            var delta = @event.Delta;
            if (@event.ContentBlock is { } block)
                blocks.Add(JsonSerializer.SerializeToNode(block, MessagesJson.Wire.Block));
            if (delta is null)
                continue;

            var open = blocks[^1]!.AsObject();
            foreach (var (name, piece) in (ReadOnlySpan<(string, string?)>)[("text", delta.Text), ("thinking", delta.Thinking), ("signature", delta.Signature)])
            {
                if (piece is not null)
                    open[name] = (string?)open[name] + piece;
            }

            if (delta.PartialJson is { } input)
                open["input"] = JsonNode.Parse(input);
            if (delta.Citation is { } citation)
                (open["citations"] ??= new JsonArray()).AsArray().Add(JsonNode.Parse(citation.GetRawText()));
        }
    }

    private static IEnumerable<string> Paths(JsonNode? node, string path)
    {
        if (path.Length > 0)
            yield return path;
        IEnumerable<(string Name, JsonNode? Value)> children = node switch
        {
            JsonObject members => members.Select(member => (member.Key, member.Value)),
            JsonArray items => items.Select((item, i) => (i.ToString(System.Globalization.CultureInfo.InvariantCulture), item)),
            _ => [],
        };
        foreach (var inner in children.SelectMany(child => Paths(child.Value, $"{path}/{child.Name}")))
            yield return inner;
    }

    private static string Replace(string json, string path, string other)
    {
        var root = JsonNode.Parse(json)!;
        var steps = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var holder = steps.SkipLast(1).Aggregate(root, (node, step) => node is JsonArray items ? items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]! : node[step]!);
        if (holder is JsonArray list)
            list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = JsonNode.Parse(other);
        else
            holder[steps[^1]] = JsonNode.Parse(other);
        return root.ToJsonString();
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected?.ToJsonString()}{Environment.NewLine}but was {actual?.ToJsonString()}");
}

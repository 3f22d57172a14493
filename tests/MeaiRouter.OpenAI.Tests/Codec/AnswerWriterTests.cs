using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class AnswerWriterTests
{
    private const string Whole = """
        {"id":"gen-1","object":"chat.completion","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","service_tier":"flex",
         "choices":[{"index":0,"message":{"role":"assistant","content":"Hi there","refusal":"but","reasoning":"Hm",
            "reasoning_details":[{"type":"reasoning.text","text":"Hm","signature":"s","index":0}],
            "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}},{"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}],
            "annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/x","title":"T"}}],
            "images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}}],"audio":{"id":"audio-1"}},
          "finish_reason":"tool_calls","native_finish_reason":"tool_use","logprobs":{"content":[]}}],
         "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":1}},
         "openrouter_metadata":{"a":1},"x_time":1.5}
        """;

    [Fact]
    public void An_answer_that_was_read_is_written_as_it_was() => Wire.EqualJson(Whole, Wire.Text(AnswerWriter.Write(Wire.Whole(Whole))));

    [Fact]
    public void The_gateway_s_own_fields_have_their_place()
    {
        var completion = AnswerWriter.Write(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hi"))
        {
            ResponseId = "gen-1", ModelId = "a/b", FinishReason = ChatFinishReason.Stop, Usage = new() { InputTokenCount = 1, OutputTokenCount = 2 },
        });
        completion.Created = 1;
        completion.Provider = "acme";
        completion.Usage!.Cost = 0.00014m;
        completion.Usage.IsByok = false;
        completion.Usage.CostDetails = new();

        Assert.Equal(
            """{"id":"gen-1","object":"chat.completion","created":1,"model":"a/b","provider":"acme","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop","native_finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3,"cost":0.00014,"cost_details":{"upstream_inference_cost":null},"is_byok":false}}""",
            Wire.Text(completion));
        Assert.Equal(
            """{"error":{"message":"Down","code":503,"metadata":{"error_type":"x"}}}""",
            Wire.Text(new ChatCompletion { Error = new() { Message = "Down", Code = "503", Metadata = JsonElement.Parse("""{"error_type":"x"}""") } }));
    }

    [Fact]
    public void Updates_become_chunks_with_clean_indexes_one_finish_and_one_usage()
    {
        var writer = new AnswerStreamWriter();
        ChatResponseUpdate[] updates =
        [
            Update(),
            Update(ReasoningFields.Content("Hm", ReasoningFields.ReasoningContent)),
            Update(new TextReasoningContent(".")),
            Update(new TextContent("Hi")),
            Update(),
            Update(new UsageContent(new() { InputTokenCount = 5, OutputTokenCount = 2 })),
            Update(ChatFinishReason.ToolCalls, new TextContent("!"), new FunctionCallContent("a", "f", new Dictionary<string, object?> { ["x"] = 1 })),
            Update(ChatFinishReason.ToolCalls, new FunctionCallContent("b", "g"), new FunctionCallContent("c", "h")),
        ];

        var chunks = Write(updates, writer);

        const string Head = """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","choices":[""";
        Assert.Equal(
            [
                Head + """{"index":0,"delta":{"role":"assistant"},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{"reasoning":"Hm","reasoning_content":"Hm"},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{"reasoning":".","reasoning_content":"."},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{"content":"!","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":2,"id":"c","type":"function","function":{"name":"h","arguments":"{}"}}]},"finish_reason":null}]}""",
                Head + """{"index":0,"delta":{},"finish_reason":"tool_calls","native_finish_reason":"tool_calls"}]}""",
                Head + """],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""",
            ],
            chunks);
        Assert.Equal(5, writer.Usage?.InputTokenCount);
    }

    [Fact]
    public void A_stream_that_was_read_and_written_reads_the_same()
    {
        string[] chunks =
        [
            """{"id":"gen-1","created":1700000000,"model":"a/b","choices":[{"index":0,"delta":{"role":"assistant","reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","index":0}]}}]}""",
            """{"id":"gen-1","choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"s","index":0}]}}]}""",
            """{"id":"gen-1","choices":[{"index":0,"delta":{"content":"Hi"},"logprobs":{"content":[{"token":"Hi"}]}}]}""",
            """{"id":"gen-1","choices":[{"index":0,"delta":{"content":"!","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example"}}]}}]}""",
            """{"id":"gen-1","choices":[{"index":0,"delta":{"tool_calls":[{"index":4,"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}}]}}]}""",
            """{"id":"gen-1","choices":[{"index":0,"delta":{"refusal":"No"},"finish_reason":"tool_calls","native_finish_reason":"tool_use"}]}""",
            """{"id":"gen-1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""",
        ];

        var once = Rewrite(chunks);
        Assert.Equal(2, once.Count(static chunk => chunk.Contains("reasoning_details", StringComparison.Ordinal)));
        Assert.Contains(once, static chunk => chunk.Contains("\"logprobs\":{\"content\":[{\"token\":\"Hi\"}]}", StringComparison.Ordinal));
        Assert.Equal(once, Rewrite(once));
        Assert.Equal(Describe(Wire.Updates(chunks)), Describe(Wire.Updates(once)));
    }

    private static List<string> Rewrite(IEnumerable<string> chunks) => Write(Wire.Updates(chunks), new AnswerStreamWriter());

    private static List<string> Write(IEnumerable<ChatResponseUpdate> updates, AnswerStreamWriter writer)
    {
        var chunks = updates.Select(writer.Write).OfType<ChatCompletion>().Select(Wire.Text).ToList();
        return [.. chunks, Wire.Text(writer.WriteFinish()), Wire.Text(writer.WriteUsage())];
    }

    private static string Describe(List<ChatResponseUpdate> updates) => Wire.Text(AnswerWriter.Write(updates.ToChatResponse()));

    private static ChatResponseUpdate Update(params AIContent[] contents) => Update(finish: null, contents);

    private static ChatResponseUpdate Update(ChatFinishReason? finish, params AIContent[] contents) => new(ChatRole.Assistant, contents)
    {
        ResponseId = "gen-1", ModelId = "a/b", CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1700000000), FinishReason = finish,
    };
}

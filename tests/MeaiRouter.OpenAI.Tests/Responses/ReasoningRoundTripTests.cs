using System.Text.Json;
using MeaiRouter.OpenAI.Responses;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Responses;

/// <summary>Reasoning goes out as items and comes back as what it was, or its maker refuses it.</summary>
public sealed class ReasoningRoundTripTests
{
    /// <summary>Fragments of a stream, the same put together, and the items that are made of them.</summary>
    public static TheoryData<string[], string, string> Details() => new()
    {
        {
            ["""[{"type":"reasoning.text","text":"H","format":"anthropic-claude-v1","index":0}]""", """[{"type":"reasoning.text","text":"m","index":0}]""", """[{"type":"reasoning.text","signature":"sig","index":0}]"""],
            """[{"type":"reasoning.text","text":"Hm","format":"anthropic-claude-v1","index":0,"signature":"sig"}]""",
            """[{"type":"reasoning","id":"rs_anon_1_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}],"signature":"sig","format":"anthropic-claude-v1"}]"""
        },
        {
            ["""[{"type":"reasoning.summary","summary":"First","id":"rs_9","format":"openai-responses-v1","index":0}]""", """[{"type":"reasoning.summary","summary":"Second","id":"rs_9","format":"openai-responses-v1","index":1}]""", """[{"type":"reasoning.encrypted","data":"gAAA","id":"rs_9","format":"openai-responses-v1","index":2}]"""],
            """[{"type":"reasoning.summary","summary":"First","id":"rs_9","format":"openai-responses-v1","index":0},{"type":"reasoning.summary","summary":"Second","id":"rs_9","format":"openai-responses-v1","index":1},{"type":"reasoning.encrypted","data":"gAAA","id":"rs_9","format":"openai-responses-v1","index":2}]""",
            """[{"type":"reasoning","id":"rs_9","status":"completed","summary":[{"type":"summary_text","text":"First"},{"type":"summary_text","text":"Second"}],"encrypted_content":"gAAA","format":"openai-responses-v1"}]"""
        },
        {
            ["""[{"type":"reasoning.text","text":"Hm","index":0}]""", """[{"type":"reasoning.encrypted","data":"gA","id":"call_1","format":"google-gemini-v1","index":1}]""", """[{"type":"reasoning.encrypted","data":"AA","id":"call_1","format":"google-gemini-v1","index":1}]"""],
            """[{"type":"reasoning.text","text":"Hm","index":0},{"type":"reasoning.encrypted","data":"gAAA","id":"call_1","format":"google-gemini-v1","index":1}]""",
            """[{"type":"reasoning","id":"rs_anon_1_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}],"format":"unknown"},{"type":"reasoning","id":"call_1","status":"completed","summary":[],"encrypted_content":"gAAA","format":"google-gemini-v1"}]"""
        },
        {
            ["""[{"type":"reasoning.text","text":"A","signature":"s1","format":"anthropic-claude-v1","index":0}]""", """[{"type":"reasoning.text","text":"B","signature":"s2","format":"anthropic-claude-v1","index":1}]"""],
            """[{"type":"reasoning.text","text":"A","signature":"s1","format":"anthropic-claude-v1","index":0},{"type":"reasoning.text","text":"B","signature":"s2","format":"anthropic-claude-v1","index":1}]""",
            """[{"type":"reasoning","id":"rs_anon_1_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"A"}],"signature":"s1","format":"anthropic-claude-v1"},{"type":"reasoning","id":"rs_anon_1_1","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"B"}],"signature":"s2","format":"anthropic-claude-v1"}]"""
        },
    };

    [Theory]
    [MemberData(nameof(Details))]
    public void Details_are_items_and_come_back_as_they_were(string[] fragments, string whole, string items)
    {
        var streamed = ResponseWire.Streamed(Codec.Wire.Updates(
        [
            .. fragments.Select(fragment => $$"""{"id":"c","choices":[{"index":0,"delta":{"reasoning_details":{{fragment}}},"finish_reason":null}]}"""),
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        ]));
        var answer = ResponseWire.Whole(Codec.Wire.Message($$"""{"role":"assistant","content":null,"reasoning_details":{{whole}}}"""));

        Codec.Wire.EqualJson(items, ResponseWire.Output(answer));
        Codec.Wire.EqualJson(items, ResponseWire.Output(streamed[^1].Response!));
        AssertTheEventsAddUp(streamed);
        using var sent = JsonDocument.Parse(ResponseWire.SentMessages(items));
        Codec.Wire.EqualJson(whole, sent.RootElement[0].GetProperty("reasoning_details").GetRawText());
    }

    [Fact]
    public void A_signature_that_comes_after_the_text_still_finds_its_reasoning()
    {
        string[] chunks =
        [
            """{"id":"c","choices":[{"index":0,"delta":{"reasoning":"Hm","reasoning_details":[{"type":"reasoning.text","text":"Hm","format":"anthropic-claude-v1","index":0}]},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"sig","format":"anthropic-claude-v1","index":0}]},"finish_reason":null}]}""",
            """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        ];

        var events = ResponseWire.Streamed(Codec.Wire.Updates(chunks));

        Codec.Wire.EqualJson(
            """
            [{"type":"reasoning","id":"rs_anon_1_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}],"signature":"sig","format":"anthropic-claude-v1"},
             {"type":"message","id":"msg_1_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]}]
            """,
            ResponseWire.Output(events[^1].Response!));
        AssertTheEventsAddUp(events);
    }

    [Fact]
    public void A_signature_that_another_client_hands_over_at_the_end_seals_the_plain_text()
    {
        var whole = ResponseWire.Whole(ResponseWire.Response(new TextReasoningContent("Hm") { ProtectedData = "sig" }, new TextContent("Hi")));
        var events = ResponseWire.Streamed(
        [
            ResponseWire.Update(new TextReasoningContent("H")), ResponseWire.Update(new TextReasoningContent("m")),
            ResponseWire.Update(new TextReasoningContent("") { ProtectedData = "sig" }), ResponseWire.Finish(ChatFinishReason.Stop, new TextContent("Hi")),
        ]);

        Assert.Equal(ResponseWire.Text(whole), ResponseWire.Text(events[^1].Response!));
        var (messages, _) = ResponseWire.Read($$"""{"model":"m","input":{{ResponseWire.Output(whole)}}}""");
        var reasoning = Assert.IsType<TextReasoningContent>(messages[0].Contents[0]);
        Assert.Equal(("Hm", "sig"), (reasoning.Text, reasoning.ProtectedData));
        Assert.Equal("Hi", Assert.IsType<TextContent>(messages[0].Contents[1]).Text);
    }

    [Fact]
    public void Reasoning_kept_from_OpenAI_itself_stays_encrypted_under_its_summary()
    {
        var (messages, _) = ResponseWire.Read(
            """
            {"model":"m","input":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Thought."}],"encrypted_content":"gAAA"},
              {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"a","output":"1"}]}
            """);

        var reasoning = Assert.IsType<TextReasoningContent>(messages[0].Contents[0]);
        Assert.Equal(("Thought.", "gAAA", 2), (reasoning.Text, reasoning.ProtectedData, messages.Count));
    }

    [Fact]
    public void Signatures_on_calls_come_back_too()
    {
        var answer = ResponseWire.Whole(Codec.Wire.Message(
            """{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}]}""", "tool_calls"));

        Codec.Wire.EqualJson(
            """[{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}]}]""",
            ResponseWire.SentMessages(ResponseWire.Output(answer)));
    }

    // As a client that only listens to deltas would put the answer together.
    private static void AssertTheEventsAddUp(List<ResponseEvent> events)
    {
        Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.SequenceNumber));
        var output = events[^1].Response!.Output;
        for (var i = 0; i < output.Count; i++)
        {
            string Said(string type) => string.Concat(events.Where(e => e.OutputIndex == i && e.Type == type).Select(e => e.Delta));
            Assert.Equal(string.Concat(output[i].Summary?.Select(part => part.Text) ?? []), Said("response.reasoning_summary_text.delta"));
            if (output[i].Type == ResponseItem.ReasoningType)
                Assert.Equal(string.Concat(output[i].Content?.Parts!.Select(part => part.Text) ?? []), Said("response.reasoning_text.delta"));
            Assert.Same(output[i], Assert.Single(events, e => e.OutputIndex == i && e.Type == "response.output_item.done").Item);
        }
    }
}

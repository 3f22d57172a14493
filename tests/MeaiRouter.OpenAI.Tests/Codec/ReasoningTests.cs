using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class ReasoningTests
{
    private const string Details =
        """[{"type":"reasoning.text","text":"Let me think","signature":"sig","format":"anthropic-claude-v1","index":0},{"type":"reasoning.encrypted","data":"abc","id":"r1","index":1}]""";

    [Theory]
    [InlineData(false, "reasoning")]
    [InlineData(true, "reasoning")]
    [InlineData(false, "reasoning_content")]
    [InlineData(true, "reasoning_content")]
    public void Reasoning_is_read_in_either_field_and_goes_back_in_the_same(bool streaming, string field)
    {
        var response = streaming
            ? Wire.Streamed(
            [
                $$"""{"role":"assistant","{{field}}":"Let me"}""", $$"""{"{{field}}":" think","content":null}""",
                """{"content":"Yes"}""", $$"""{"content":".","{{field}}":""}""",
            ])
            : Wire.Message($$"""{"role":"assistant","{{field}}":"Let me think","content":"Yes."}""");

        var message = Assert.Single(response.Messages);
        Assert.Equal("Let me think", Assert.IsType<TextReasoningContent>(message.Contents[0]).Text);
        Assert.Equal("Yes.", Assert.IsType<TextContent>(message.Contents[1]).Text);
        Assert.Equal(2, message.Contents.Count);
        Wire.EqualJson($$"""[{"role":"assistant","content":"Yes.","{{field}}":"Let me think"}]""", Wire.WrittenMessages(message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Reasoning_details_go_back_word_for_word(bool streaming)
    {
        var response = streaming
            ? Wire.Streamed(
            [
                """{"reasoning":"Let me","reasoning_details":[{"type":"reasoning.text","text":"Let me","signature":null,"format":"anthropic-claude-v1","index":0}]}""",
                """{"reasoning":" think","reasoning_details":[{"type":"reasoning.text","text":" think","index":0}]}""",
                """{"reasoning_details":[{"type":"reasoning.text","signature":"sig","index":0}]}""",
                """{"reasoning_details":[{"type":"reasoning.encrypted","data":"abc","id":"r1","index":1}]}""",
                """{"content":"Yes."}""",
            ])
            : Wire.Message($$"""{"reasoning":"Let me think","reasoning_details":{{Details}},"content":"Yes."}""");

        Assert.Equal("Let me think", string.Concat(response.Messages[0].Contents.OfType<TextReasoningContent>().Select(static r => r.Text)));
        Wire.EqualJson(
            $$"""[{"role":"assistant","content":"Yes.","reasoning":"Let me think","reasoning_details":{{Details}}}]""",
            Wire.WrittenMessages(response.Messages[0]));
    }

    [Fact]
    public void Details_that_a_client_collected_from_a_stream_become_the_items_that_were_signed()
    {
        var (messages, _) = Wire.Request(
            """
            {"messages":[{"role":"assistant","content":"Yes.","reasoning_details":[
              {"type":"reasoning.text","text":"Let me","signature":null,"format":"anthropic-claude-v1","index":0},{"type":"reasoning.text","text":" think","index":0},
              {"type":"reasoning.text","text":"","signature":"sig","index":0},{"type":"reasoning.text","text":"Again","signature":"other","index":0},
              {"type":"reasoning.summary","summary":"One","id":"rs_1","index":0},{"type":"reasoning.summary","summary":"Two","id":"rs_2","index":0},
              {"type":"reasoning.encrypted","data":"a","index":1},{"type":"reasoning.encrypted","data":"b","index":1},
              {"type":"reasoning.text","text":"x"},{"type":"reasoning.text","text":"y"}]}]}
            """);

        Wire.EqualJson(
            """
            [{"type":"reasoning.text","text":"Let me think","signature":"sig","format":"anthropic-claude-v1","index":0},
             {"type":"reasoning.text","text":"Again","signature":"other","index":0},
             {"type":"reasoning.summary","summary":"One","id":"rs_1","index":0},{"type":"reasoning.summary","summary":"Two","id":"rs_2","index":0},
             {"type":"reasoning.encrypted","data":"a","index":1},{"type":"reasoning.encrypted","data":"b","index":1},
             {"type":"reasoning.text","text":"x"},{"type":"reasoning.text","text":"y"}]
            """,
            messages[0].Contents.OfType<TextReasoningContent>().Single().ProtectedData);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Reasoning_that_stands_only_in_details_is_read_from_them(bool streaming)
    {
        var message = $$$"""{"reasoning_details":{{{Details}}},"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]}""";

        var response = streaming ? Wire.Streamed([message]) : Wire.Message(message);

        Assert.Equal("Let me think", Assert.IsType<TextReasoningContent>(response.Messages[0].Contents[0]).Text);
        Wire.EqualJson(
            $$$"""[{"role":"assistant","content":null,"reasoning_details":{{{Details}}},"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]}]""",
            Wire.WrittenMessages(response.Messages[0]));
    }

    [Fact]
    public void Fragments_of_details_without_an_index_grow_while_their_type_stays()
    {
        var response = Wire.Streamed(
        [
            """{"reasoning_details":[{"type":"reasoning.summary","summary":"Think"}]}""",
            """{"reasoning_details":[{"type":"reasoning.summary","summary":"ing"}]}""",
            """{"reasoning_details":[{"type":"reasoning.encrypted","data":"a"}]}""",
            """{"reasoning_details":[{"type":"reasoning.encrypted","data":"b"}, 7, null]}""",
        ]);

        Wire.EqualJson(
            """[{"role":"assistant","content":"","reasoning_details":[{"type":"reasoning.summary","summary":"Thinking"},{"type":"reasoning.encrypted","data":"a"},{"type":"reasoning.encrypted","data":"b"}]}]""",
            Wire.WrittenMessages(response.Messages[0]));
    }

    [Theory]
    [InlineData(ReasoningSpelling.AsItCame, """{"role":"assistant","content":"Yes.","reasoning":"Hm"}""")]
    [InlineData(ReasoningSpelling.Reasoning, """{"role":"assistant","content":"Yes.","reasoning":"Hm"}""")]
    [InlineData(ReasoningSpelling.ReasoningContent, """{"role":"assistant","content":"Yes.","reasoning_content":"Hm"}""")]
    [InlineData(ReasoningSpelling.Omitted, """{"role":"assistant","content":"Yes."}""")]
    public void A_provider_gets_reasoning_back_in_its_own_spelling(ReasoningSpelling spelling, string expected)
    {
        var message = Wire.Message("""{"reasoning":"Hm","content":"Yes."}""").Messages[0];

        Wire.EqualJson($$"""{"messages":[{{expected}}]}""", Wire.Written([message], spelling: new() { Reasoning = spelling }));
    }

    [Fact]
    public void Reasoning_of_another_wire_is_not_sent_unless_the_provider_insists_on_reasoning()
    {
        var message = new ChatMessage(ChatRole.Assistant, [new TextReasoningContent("Hm") { ProtectedData = "c2lnbmF0dXJl" }, new TextContent("Yes.")]);

        Wire.EqualJson("""[{"role":"assistant","content":"Yes."}]""", Wire.WrittenMessages(message));
        Wire.EqualJson(
            """{"messages":[{"role":"assistant","content":"Yes.","reasoning_content":"Hm"}]}""",
            Wire.Written([message], spelling: new() { Reasoning = ReasoningSpelling.ReasoningContent }));
    }

    [Theory]
    [InlineData(ReasoningSpelling.ReasoningContent, ",\"reasoning_content\":\"\"")]
    [InlineData(ReasoningSpelling.Reasoning, "")]
    [InlineData(ReasoningSpelling.AsItCame, "")]
    [InlineData(ReasoningSpelling.Omitted, "")]
    public void A_call_that_was_made_without_reasoning_has_an_empty_one_where_the_provider_insists_on_it(ReasoningSpelling spelling, string field)
    {
        Wire.EqualJson(
            $$$"""
            {"messages":[{"role":"assistant","content":"Yes."},
             {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]{{{field}}}}]}
            """,
            Wire.Written(
                [new ChatMessage(ChatRole.Assistant, "Yes."), new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("a", "f")])],
                spelling: new() { Reasoning = spelling }));
    }

    [Fact]
    public void Thinking_parts_are_reasoning()
    {
        var response = Wire.Message("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},{"type":"text","text":"Yes."}]}""");

        Assert.Equal("Hm", Assert.IsType<TextReasoningContent>(response.Messages[0].Contents[0]).Text);
        Assert.Equal("Yes.", response.Text);
    }
}

using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Responses;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Responses;

public sealed class ResponseWriterTests
{
    private const string Request = """
        {"model":"a/b","input":"Hello","instructions":"Be brief.","metadata":{"a":"b"},"user":"u","service_tier":"auto","max_output_tokens":9,
         "parallel_tool_calls":false,"reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"low"},"temperature":0.5,"top_p":0.25,
         "tools":[{"type":"function","name":"f"}],"tool_choice":"required","prompt_cache_key":"k","unknown":1}
        """;

    [Fact]
    public void An_answer_repeats_of_the_request_what_clients_declare_as_always_present()
    {
        var response = ResponseWire.Response(new TextContent("Hi"));
        response.Usage = new() { InputTokenCount = 5, OutputTokenCount = 2, CachedInputTokenCount = 3, ReasoningTokenCount = 1 };

        Codec.Wire.EqualJson(
            """
            {"id":"gen-1","object":"response","created_at":1700000000,"completed_at":1700000000,"status":"completed","error":null,"incomplete_details":null,"model":"a/b",
             "output":[{"type":"message","id":"msg_1_0","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[],"logprobs":[]}]}],
             "usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":3},"output_tokens":2,"output_tokens_details":{"reasoning_tokens":1},"total_tokens":7},
             "service_tier":"auto","instructions":"Be brief.","metadata":{"a":"b"},"max_output_tokens":9,"parallel_tool_calls":false,"previous_response_id":null,
             "store":false,"background":false,"reasoning":{"effort":"low","summary":"auto"},"text":{"format":{"type":"text"},"verbosity":"low"},
             "temperature":0.5,"top_p":0.25,"frequency_penalty":null,"presence_penalty":null,"tool_choice":"required","tools":[{"type":"function","name":"f","parameters":null,"strict":null}],
             "truncation":"disabled","user":"u","prompt_cache_key":"k"}
            """,
            ResponseWire.Text(ResponseWire.Whole(response, Request)));
    }

    [Fact]
    public void An_answer_to_the_barest_request_has_the_defaults() => Codec.Wire.EqualJson(
        """
        {"id":"gen-1","object":"response","created_at":1700000000,"completed_at":1700000000,"status":"completed","error":null,"incomplete_details":null,"model":"m","output":[],
         "instructions":null,"metadata":{},"max_output_tokens":null,"parallel_tool_calls":true,"previous_response_id":null,"store":false,"background":false,
         "reasoning":{"effort":null,"summary":null},"text":{"format":{"type":"text"}},"temperature":null,"top_p":null,"frequency_penalty":null,"presence_penalty":null,"tool_choice":"auto","tools":[],"truncation":"disabled"}
        """,
        ResponseWire.Text(ResponseWire.Whole(ResponseWire.Response())));

    [Fact]
    public void A_stream_tells_everything_in_order_and_numbers_it()
    {
        var events = ResponseWire.Streamed(
        [
            ResponseWire.Update(),
            ResponseWire.Update(new TextReasoningContent("Hm")),
            ResponseWire.Update(new TextContent("Hel")),
            ResponseWire.Update(new TextContent("lo")),
            ResponseWire.Finish(ChatFinishReason.ToolCalls, new FunctionCallContent("call_a", "f", new Dictionary<string, object?> { ["x"] = 1 })),
        ]);

        string[] expected =
        [
            """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"type":"reasoning","id":"rs_anon_1_0","status":"in_progress","summary":[]}}""",
            """{"type":"response.content_part.added","sequence_number":3,"output_index":0,"item_id":"rs_anon_1_0","content_index":0,"part":{"type":"reasoning_text","text":""}}""",
            """{"type":"response.reasoning_text.delta","sequence_number":4,"output_index":0,"item_id":"rs_anon_1_0","content_index":0,"delta":"Hm"}""",
            """{"type":"response.reasoning_text.done","sequence_number":5,"output_index":0,"item_id":"rs_anon_1_0","content_index":0,"text":"Hm"}""",
            """{"type":"response.content_part.done","sequence_number":6,"output_index":0,"item_id":"rs_anon_1_0","content_index":0,"part":{"type":"reasoning_text","text":"Hm"}}""",
            """{"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"type":"reasoning","id":"rs_anon_1_0","status":"completed","summary":[],"content":[{"type":"reasoning_text","text":"Hm"}]}}""",
            """{"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"type":"message","id":"msg_1_1","status":"in_progress","role":"assistant","content":[]}}""",
            """{"type":"response.content_part.added","sequence_number":9,"output_index":1,"item_id":"msg_1_1","content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":10,"output_index":1,"item_id":"msg_1_1","content_index":0,"delta":"Hel","logprobs":[]}""",
            """{"type":"response.output_text.delta","sequence_number":11,"output_index":1,"item_id":"msg_1_1","content_index":0,"delta":"lo","logprobs":[]}""",
            """{"type":"response.output_text.done","sequence_number":12,"output_index":1,"item_id":"msg_1_1","content_index":0,"text":"Hello","logprobs":[]}""",
            """{"type":"response.content_part.done","sequence_number":13,"output_index":1,"item_id":"msg_1_1","content_index":0,"part":{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}}""",
            """{"type":"response.output_item.done","sequence_number":14,"output_index":1,"item":{"type":"message","id":"msg_1_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hello","annotations":[],"logprobs":[]}]}}""",
            """{"type":"response.output_item.added","sequence_number":15,"output_index":2,"item":{"type":"function_call","id":"fc_1_2","status":"in_progress","call_id":"call_a","name":"f","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":16,"output_index":2,"item_id":"fc_1_2","delta":"{\"x\":1}"}""",
            """{"type":"response.function_call_arguments.done","sequence_number":17,"output_index":2,"item_id":"fc_1_2","name":"f","arguments":"{\"x\":1}"}""",
            """{"type":"response.output_item.done","sequence_number":18,"output_index":2,"item":{"type":"function_call","id":"fc_1_2","status":"completed","call_id":"call_a","name":"f","arguments":"{\"x\":1}"}}""",
        ];
        Assert.Equal(expected.Length + 3, events.Count);
        for (var i = 0; i < expected.Length; i++)
            Codec.Wire.EqualJson(expected[i], ResponseWire.Text(events[i + 2]));

        Assert.Equal(
            [("response.created", 0, "in_progress", 0), ("response.in_progress", 1, "in_progress", 0), ("response.completed", 19, "completed", 3)],
            new[] { events[0], events[1], events[^1] }.Select(e => (e.Type, e.SequenceNumber, e.Response!.Status, e.Response.Output.Count)));
    }

    public static TheoryData<string, AIContent[]> Contents() => new()
    {
        { "nothing", [] },
        { "text", [new TextContent("Hi")] },
        { "refusal", [new TextContent("Well, "), Refusals.Read("no.")] },
        { "reasoning", [new TextReasoningContent("Hm"), new TextContent("Hi")] },
        { "sealed reasoning of another wire", [new TextReasoningContent("Hm") { ProtectedData = "gAAA" }, new TextContent("Hi")] },
        { "reasoning nobody can read", [new TextReasoningContent("") { ProtectedData = "gAAA" }, new TextContent("Hi")] },
        { "calls", [new TextContent("Hi"), new FunctionCallContent("a", "f"), new FunctionCallContent("b", "g", new Dictionary<string, object?> { ["x"] = "ł" })] },
        { "an image", [new TextContent("Here:"), new DataContent("data:image/png;base64,AQID")] },
        { "a citation", [new TextContent("It rains.") { Annotations = [new CitationAnnotation { Url = new("https://a.example/x"), Title = "T" }] }] },
        { "text between calls", [new FunctionCallContent("a", "f"), new TextContent("and"), new FunctionCallContent("b", "g")] },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void The_last_event_of_a_stream_says_what_the_whole_answer_says(string name, AIContent[] contents)
    {
        Assert.NotEmpty(name);
        foreach (var finish in new[] { ChatFinishReason.Stop, ChatFinishReason.Length, ChatFinishReason.ContentFilter, ChatFinishReason.ToolCalls })
        {
            var usage = new UsageDetails { InputTokenCount = 5, OutputTokenCount = 2 };
            var whole = ResponseWire.Whole(new(new ChatMessage(ChatRole.Assistant, contents)) { FinishReason = finish, Usage = usage });
            var events = ResponseWire.Streamed(
                [.. contents.Select(content => ResponseWire.Update(content)), ResponseWire.Finish(finish), ResponseWire.Update(new UsageContent(usage))]);

            Assert.Equal(ResponseWire.Text(whole), ResponseWire.Text(events[^1].Response!));
            Assert.Equal(Enumerable.Range(0, events.Count), events.Select(e => e.SequenceNumber));
            Assert.Equal(
                whole.Output.Select(item => item.Id), events.Where(e => e.Type == "response.output_item.done").OrderBy(e => e.OutputIndex).Select(e => e.Item!.Id));
            Assert.Equal(whole.Output.Count, events.Count(e => e.Type == "response.output_item.added"));
        }
    }

    [Theory]
    [InlineData("length", "incomplete", "max_output_tokens", "response.incomplete", "incomplete")]
    [InlineData("content_filter", "incomplete", "content_filter", "response.incomplete", "incomplete")]
    [InlineData("stop", "completed", null, "response.completed", "completed")]
    [InlineData("tool_calls", "completed", null, "response.completed", "completed")]
    public void The_finish_reason_is_the_status(string finish, string status, string? reason, string last, string itemStatus)
    {
        var events = ResponseWire.Streamed([ResponseWire.Update(new TextReasoningContent("Hm")), ResponseWire.Finish(new(finish), new TextContent("Hi"))]);

        var response = events[^1].Response!;
        Assert.Equal((last, status, reason), (events[^1].Type, response.Status, response.IncompleteDetails?.Reason));
        Assert.Equal(["completed", itemStatus], response.Output.Select(item => item.Status));
    }

    [Fact]
    public void An_answer_that_breaks_ends_with_an_error_and_with_what_there_is_as_failed()
    {
        var writer = new ResponseWriter(ResponseWire.Parse("""{"model":"m","input":"Hello"}"""), "gen-1", 1, isStreamed: true);
        writer.Begin();
        writer.Write(ResponseWire.Update(new TextContent("Hel")));

        var events = writer.Fail(new ResponseError { Code = "server_error", Message = "The stream broke." }, "provider_unavailable");

        Assert.Equal(
            ["response.output_text.done", "response.content_part.done", "response.output_item.done", "error", "response.failed"], events.Select(e => e.Type));
        Codec.Wire.EqualJson(
            """{"type":"error","sequence_number":8,"code":"server_error","message":"The stream broke.","param":null,"error_type":"provider_unavailable"}""",
            ResponseWire.Text(events[^2]));
        Assert.Equal(
            ("failed", "server_error", "The stream broke.", "incomplete", "Hel"),
            (events[^1].Response!.Status, events[^1].Response!.Error!.Code, events[^1].Response!.Error!.Message, events[^1].Response!.Output[0].Status,
                events[^1].Response!.Output[0].Content!.Parts![0].Text));
    }

    [Fact]
    public void A_refusal_and_a_citation_have_events_of_their_own()
    {
        var events = ResponseWire.Streamed(
        [
            ResponseWire.Update(new TextContent("It rains.")),
            ResponseWire.Update(new TextContent("") { Annotations = [new CitationAnnotation { Url = new("https://a.example/x"), Title = "T", AnnotatedRegions = [new TextSpanAnnotatedRegion { StartIndex = 3, EndIndex = 8 }] }] }),
            ResponseWire.Update(Refusals.Read("No more.")),
        ]);

        Codec.Wire.EqualJson(
            """
            {"type":"response.output_text.annotation.added","sequence_number":5,"output_index":0,"item_id":"msg_1_0","content_index":0,"annotation_index":0,
             "annotation":{"type":"url_citation","url":"https://a.example/x","title":"T","start_index":3,"end_index":8}}
            """,
            ResponseWire.Text(events[5]));
        Assert.Equal(
            ["response.output_text.done", "response.content_part.done", "response.content_part.added", "response.refusal.delta", "response.refusal.done", "response.content_part.done", "response.output_item.done", "response.completed"],
            events.Skip(6).Select(e => e.Type));
        Codec.Wire.EqualJson("""{"type":"response.refusal.done","sequence_number":10,"output_index":0,"item_id":"msg_1_0","content_index":1,"refusal":"No more."}""", ResponseWire.Text(events[10]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Probabilities_of_tokens_are_told_to_who_asked_for_them(bool asked)
    {
        const string token = """{"token":"Hi","logprob":-0.5,"bytes":[72,105],"top_logprobs":[]}""";
        var update = ResponseWire.Update(new TextContent("Hi"));
        update.AdditionalProperties = new() { ["logprobs"] = JsonElement.Parse($$"""{"content":[{{token}}],"refusal":null}""") };

        var events = ResponseWire.Streamed(
            [update, ResponseWire.Update(new TextContent("!"))], asked ? """{"model":"m","input":"x","include":["message.output_text.logprobs"]}""" : """{"model":"m","input":"x"}""");

        var expected = asked ? $"[{token}]" : "[]";
        foreach (var type in new[] { "response.output_text.delta", "response.output_text.done" })
            Codec.Wire.EqualJson(expected, JsonElement.Parse(ResponseWire.Text(events.First(e => e.Type == type))).GetProperty("logprobs").GetRawText());
        Codec.Wire.EqualJson(expected, JsonElement.Parse(ResponseWire.Output(events[^1].Response!))[0].GetProperty("content")[0].GetProperty("logprobs").GetRawText());
    }

    [Fact]
    public void The_tier_that_served_the_request_wins_over_the_one_asked_for()
    {
        var response = ResponseWire.Response(new TextContent("Hi"));
        response.AdditionalProperties = new() { ["service_tier"] = "flex" };

        Assert.Equal("flex", ResponseWire.Whole(response, Request).ServiceTier);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing.Tests;

public sealed class AnswerTests : ProviderTest
{
    private const string CountedUsage = """
        {"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}
        """;

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_text_is_answered_with_the_words_counted_as_usage(bool streaming)
    {
        Script.Answers("Hello, dear world");

        Assert.Equal(new Answer("Hello, dear world", "stop", CountedUsage), await AskAsync(streaming));
    }

    [Theory]
    [InlineData("one")]
    [InlineData(" leading and  double\n\nspaces\t ")]
    [InlineData("   ")]
    [InlineData("Grüße 🌍, naïve “quotes” <b>&amp;\\ 你好")]
    public async Task A_streamed_text_comes_word_by_word_and_is_the_text_again(string text)
    {
        Script.Answers(text);

        Assert.Equal(text, (await AskAsync(streaming: true)).Text);
        Assert.Equal(text, (await AskAsync(streaming: false)).Text);
    }

    [Fact]
    public async Task A_stream_has_a_role_chunk_a_chunk_for_each_word_a_finish_the_usage_and_done()
    {
        Script.Always(Reply.Text("Hello, world").WithId("gen-1").WithUsage(12, 3));

        var events = await StreamAsync();

        var created = Provider.Requests[0].ReceivedAt.ToUnixTimeSeconds();
        Assert.Equal(
            [
                Chunk("""[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{"content":"Hello,"},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{"content":" world"},"logprobs":null,"finish_reason":null}],"usage":null"""),
                Chunk("""[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null"""),
                Chunk("""[],"usage":{"prompt_tokens":12,"completion_tokens":3,"total_tokens":15,"prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}"""),
                "[DONE]",
            ],
            events);

        string Chunk(string rest) => $$"""{"id":"gen-1","object":"chat.completion.chunk","created":{{created}},"model":"small-v1","choices":{{rest}}}""";
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Chunks_are_sent_as_they_are_given(bool streaming)
    {
        Script.Always(Reply.Chunks("Hel", "", "lo, wor", "ld"));

        Assert.Equal("Hello, world", (await AskAsync(streaming)).Text);
        Assert.Equal(["", "Hel", "", "lo, wor", "ld"], ContentsOf(await StreamAsync()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Usage_has_the_counts_and_the_cost_that_are_scripted(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithUsage(prompt: 12, completion: 30, cached: 4, cacheWrite: 5, reasoning: 6, cost: 0.000123m));

        Assert.Equal(
            """{"prompt_tokens":12,"completion_tokens":30,"total_tokens":42,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":5},"completion_tokens_details":{"reasoning_tokens":6},"cost":0.000123}""",
            (await AskAsync(streaming)).Usage);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task No_usage_is_sent_where_the_script_has_none(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithoutUsage());

        Assert.Equal(new Answer("Hi", "stop", Usage: null), await AskAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_has_usage_only_for_those_who_ask_a_whole_answer_always(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithUsage(1, 1));

        using var response = await SendAsync(streaming, includeUsage: false);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(!streaming, body.Contains("\"usage\"", StringComparison.Ordinal));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tool_calls_have_ids_and_their_arguments_in_pieces(bool streaming)
    {
        Script.Always(Reply.Text("Let me see.")
            .WithToolCall("get_weather", new { city = "Oslo", unit = "°C" })
            .WithToolCall("get_time", "{not json", id: "tc-9"));

        var answer = await AskAsync(streaming);

        Assert.Equal("Let me see.", answer.Text);
        Assert.Equal("tool_calls", answer.FinishReason);
        Assert.Equal("""call_1 get_weather({"city":"Oslo","unit":"°C"}); tc-9 get_time({not json)""", answer.ToolCalls);
    }

    [Fact]
    public async Task A_streamed_tool_call_starts_with_id_and_name_and_goes_on_with_arguments_alone()
    {
        Script.Always(Reply.ToolCall("f", new { city = "Oslo" }));

        Assert.Equal(
            [
                """{"role":"assistant","content":""}""",
                """{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":""}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}""",
                """{"tool_calls":[{"index":0,"function":{"arguments":"\"Oslo\"}"}}]}""",
                "{}",
            ],
            DeltasOf(await StreamAsync()));
    }

    [Theory]
    [InlineData(ReasoningSpelling.Reasoning, """{"reasoning":"Hm."}""")]
    [InlineData(ReasoningSpelling.ReasoningContent, """{"reasoning_content":"Hm."}""")]
    [InlineData(ReasoningSpelling.ReasoningDetails, """{"reasoning_details":[{"type":"reasoning.text","text":"Hm.","index":0}]}""")]
    [InlineData(
        ReasoningSpelling.ReasoningAndDetails, """{"reasoning":"Hm.","reasoning_details":[{"type":"reasoning.text","text":"Hm.","index":0}]}""")]
    public async Task Reasoning_comes_first_in_the_spelling_chosen(ReasoningSpelling spelling, string fields)
    {
        Script.Always(Reply.Text("Yes").WithReasoning("Hm.", spelling));

        Assert.Equal(["""{"role":"assistant","content":""}""", fields, """{"content":"Yes"}""", "{}"], DeltasOf(await StreamAsync()));
        var (_, body) = await SendAndReadAsync(streaming: false);
        var message = JsonNode.Parse(body)!["choices"]![0]!["message"]!.AsObject();
        Assert.Equal("Yes", message["content"]!.GetValue<string>());
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            Assert.True(JsonNode.DeepEquals(value, message[name]), name);
        Assert.Equal(2 + JsonNode.Parse(fields)!.AsObject().Count, message.Count);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Reasoning_alone_and_a_refusal_are_answers_too(bool streaming)
    {
        Script.Next(Reply.Reasoning("I wonder why").WithFinishReason("length").WithoutUsage()).Next(Reply.Refusal("I will not").WithoutUsage());

        Assert.Equal(new Answer("", "length", null) { Reasoning = "I wonder why" }, await AskAsync(streaming));
        Assert.Equal(new Answer("", "stop", null) { Refusal = "I will not" }, await AskAsync(streaming));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_empty_answer_finishes_without_content(bool streaming)
    {
        Script.Always(Reply.Empty.WithoutUsage());

        Assert.Equal(new Answer("", "stop", null), await AskAsync(streaming));
    }

    [Theory]
    [InlineData(false, "eos")]
    [InlineData(true, "eos")]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(false, null)]
    [InlineData(true, null)]
    public async Task Any_finish_reason_can_be_sent(bool streaming, string? reason)
    {
        Script.Always(Reply.Text("Hi").WithFinishReason(reason));

        Assert.Equal(reason, (await AskAsync(streaming)).FinishReason);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_native_finish_reason_a_model_an_id_and_a_header_are_sent(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithFinishReason("stop", native: "end_turn").WithModel("small-v1-0613").WithId("gen-7")
            .WithHeader("X-Request-Id", "r-1"));

        using var response = await SendAsync(streaming);
        var body = await response.Content.ReadAsStringAsync();

        Assert.Equal(["r-1"], response.Headers.GetValues("X-Request-Id"));
        Assert.Contains("\"finish_reason\":\"stop\",\"native_finish_reason\":\"end_turn\"", body);
        Assert.Contains("\"model\":\"small-v1-0613\"", body);
        Assert.Contains("\"id\":\"gen-7\"", body);
        Assert.DoesNotContain("\"model\":\"small-v1\"", body);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_can_lack_its_finish_reason(bool streaming)
    {
        Script.Always(Reply.Text("Hi").WithoutFinishReason());

        var (_, body) = await SendAndReadAsync(streaming);

        // Content chunks say null; the chunk that would say more is missing.
        Assert.Equal(streaming ? 2 : 0, Regex.Count(body, "finish_reason"));
        Assert.Equal(streaming ? 2 : 0, Regex.Count(body, "\"finish_reason\":null"));
        Assert.Equal(streaming, body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_can_lack_its_done()
    {
        Script.Always(Reply.Text("Hi").WithoutDone().WithoutUsage());

        Assert.Equal("stop", JsonNode.Parse((await StreamAsync())[^1])!["choices"]![0]!["finish_reason"]!.GetValue<string>());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_answer_can_be_computed_from_the_request(bool streaming)
    {
        Script.Always(Reply.From(r => r.Model == Model ? Reply.Text($"{r.Provider} {r.Number}: {r.LastUserText}") : Fault.Forbidden()));

        Assert.Equal("acme 1: Hi there, friend", (await AskAsync(streaming)).Text);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Raw_json_is_sent_as_it_is_in_either_mode(bool streaming)
    {
        Script.Always(Reply.Json("""{"choices":"odd"}"""));

        using var response = await SendAsync(streaming);

        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("""{"choices":"odd"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Raw_events_are_sent_as_they_are_in_either_mode(bool streaming)
    {
        Script.Always(Reply.Sse("\uFEFF: hi\r\n\r\n", "event: x\ndata:{}\n", "\n"));

        using var response = await SendAsync(streaming);

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("\uFEFF: hi\r\n\r\nevent: x\ndata:{}\n\n"u8.ToArray(), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public void A_raw_reply_has_no_content_to_change() =>
        Assert.Equal(
            "A raw reply is sent as it is; it has no content to change.",
            Assert.Throws<InvalidOperationException>(static () => Reply.Json("{}").WithUsage(1, 1)).Message);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task The_body_is_written_so_many_bytes_at_a_time(int bytes)
    {
        var reply = Reply.Text("Grüße 🌍").WithId("gen-1");
        Script.Next(reply).Next(reply.WithWriteSize(bytes));

        var (whole, _) = Unchunk((await SendRawAsync(streaming: true)).Bytes);
        var (split, sizes) = Unchunk((await SendRawAsync(streaming: true)).Bytes);

        Assert.Equal(WithoutTime(whole), WithoutTime(split));
        Assert.Equal(bytes, sizes.Max());
        Assert.True(sizes.Count >= whole.Length / bytes);

        static string WithoutTime(byte[] body) => Regex.Replace(Encoding.UTF8.GetString(body), "\"created\":\\d+", "");
    }

    /// <summary>Undoes HTTP's chunked coding, whose chunks are the writes of the server.</summary>
    private static (byte[] Body, List<int> Sizes) Unchunk(ReadOnlySpan<byte> response)
    {
        var (body, sizes) = (new List<byte>(), new List<int>());
        var rest = response[(response.IndexOf("\r\n\r\n"u8) + 4)..];
        while (true)
        {
            var line = rest.IndexOf("\r\n"u8);
            var size = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
                return ([.. body], sizes);
            sizes.Add(size);
            body.AddRange(rest.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }

    private static IEnumerable<string> DeltasOf(IEnumerable<string> events) =>
        from e in events
        where e != "[DONE]"
        from choice in JsonDocument.Parse(e).RootElement.GetProperty("choices").EnumerateArray()
        select choice.GetProperty("delta").GetRawText();

    private static IEnumerable<string?> ContentsOf(IEnumerable<string> events) =>
        from delta in DeltasOf(events)
        let content = JsonNode.Parse(delta)!["content"]
        where content is not null
        select content.GetValue<string>();
}

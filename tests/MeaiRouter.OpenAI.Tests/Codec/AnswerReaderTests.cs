using System.Text;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Tests.Transport;
using MeaiRouter.OpenAI.Transport;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

public sealed class AnswerReaderTests
{
    // One answer with everything in it, in chunks as providers send them.
    private static readonly string[] Chunks =
    [
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null,"native_finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"reasoning":"Größe ","reasoning_details":[{"type":"reasoning.text","text":"Größe ","index":0}]},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"reasoning":"日本","reasoning_details":[{"type":"reasoning.text","text":"日本","signature":"s","index":0}]},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":"Hi 🎉"},"finish_reason":null}],"obfuscation":"xyz"}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":" there"},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"ü\"}"}}]},"finish_reason":null}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":""},"finish_reason":"tool_calls","native_finish_reason":"tool_use"}]}""",
        """{"id":"gen-1","object":"chat.completion.chunk","created":1700000000,"model":"a/b","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"cost":0.00002,"completion_tokens_details":{"reasoning_tokens":2}}}""",
    ];

    private const string Same = """
        {"id":"gen-1","object":"chat.completion","created":1700000000,"model":"a/b","provider":"P","system_fingerprint":"fp","choices":[{"index":0,
          "message":{"role":"assistant","content":"Hi 🎉 there","reasoning":"Größe 日本",
            "reasoning_details":[{"type":"reasoning.text","text":"Größe 日本","index":0,"signature":"s"}],
            "tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"x\":\"ü\"}"}}]},
          "finish_reason":"tool_calls","native_finish_reason":"tool_use"}],
         "usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12,"cost":0.00002,"completion_tokens_details":{"reasoning_tokens":2}}}
        """;

    [Fact]
    public void A_streamed_answer_is_the_same_as_the_whole_one()
    {
        var streamed = Wire.Updates(Chunks).ToChatResponse();
        var whole = Wire.Whole(Same);

        Assert.Equal(Describe(whole), Describe(streamed));
        Assert.Equal(
            """
            gen-1 a/b 1700000000 tool_calls; usage 9+3=12 of which 2 reasoning
            native_finish_reason=tool_use provider=P system_fingerprint=fp
            text: Hi 🎉 there
            reasoning: Größe 日本
            details: [{"type":"reasoning.text","text":"Größe 日本","index":0,"signature":"s"}]
            call: call_1 f {"x":"ü"}
            """,
            Describe(whole));
    }

    [Fact]
    public async Task Updates_are_the_same_however_the_bytes_are_split()
    {
        var bytes = Encoding.UTF8.GetBytes(": OPENROUTER PROCESSING\n\n" + Sse.Stream(Chunks));
        var expected = await ReadAsync(new MemoryStream(bytes));
        Assert.Equal(7, expected.Split('\n').Length);

        for (var cut = 1; cut < bytes.Length; cut++)
            Assert.Equal(expected, await ReadAsync(new PiecewiseStream(bytes, cut, bytes.Length)));
        Assert.Equal(expected, await ReadAsync(new PiecewiseStream(bytes, pieceSize: 1)));
    }

    [Theory]
    [InlineData("""{"content":"Hi"}""", "Hi")]
    [InlineData("""{"content":["Hi"]}""", "")]
    [InlineData("""{"content":[{"type":"text","text":"H"},7,null,{"text":"i"},{"type":"odd"}]}""", "Hi")]
    [InlineData("""{"content":{"type":"text","text":"Hi"}}""", "Hi")]
    [InlineData("""{"content":42}""", "42")]
    [InlineData("""{"content":true}""", "true")]
    [InlineData("""{"content":null}""", "")]
    [InlineData("""{"role":7,"content":"Hi","tool_calls":null,"refusal":null,"reasoning":null,"reasoning_details":null,"annotations":null,"images":"none"}""", "Hi")]
    [InlineData("""{"role":[],"content":"Hi","tool_calls":"none","function_call":"none","reasoning":{},"reasoning_details":"x","annotations":{}}""", "Hi")]
    [InlineData("""{"content":"Hi","tool_calls":[null,7,"x",{}]}""", "Hi")]
    [InlineData("7", "")]
    [InlineData("null", "")]
    public void Content_of_the_wrong_type_is_understood_or_passed_over(string message, string text)
    {
        foreach (var response in new[] { Wire.Message(message), Wire.Streamed([message]) })
        {
            Assert.Equal(text, response.Text);
            Assert.Equal(ChatRole.Assistant, Assert.Single(response.Messages).Role);
            Assert.All(response.Messages[0].Contents, static content => Assert.IsType<TextContent>(content));
            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        }
    }

    [Theory]
    [InlineData("""{"id":7,"model":null,"created":"1700000000","object":false,"choices":[{"index":"0","{0}":{"content":"Hi"},"finish_reason":"stop"}]}""", "7", 1700000000L)]
    [InlineData("""{"id":{},"created":1700000000.75,"choices":[{"index":null,"{0}":{"content":"Hi"},"finish_reason":"stop"}]}""", null, 1700000000L)]
    [InlineData("""{"created":"yesterday","choices":[{"index":{},"{0}":{"content":"Hi"},"finish_reason":"stop"}]}""", null, null)]
    [InlineData("""{"created":1e300,"choices":{"{0}":{"content":"Hi"},"finish_reason":"stop"}}""", null, null)]
    [InlineData("""{"created":-5,"choices":[3,{"{0}":{"content":"Hi"},"finish_reason":"stop"}],"usage":7,"error":null}""", null, null)]
    [InlineData("""{"error":{},"choices":[{"{0}":{"content":"Hi"},"finish_reason":"stop","error":""}],"usage":[]}""", null, null)]
    public void Envelopes_of_the_wrong_type_are_understood_or_passed_over(string json, string? id, long? created)
    {
        foreach (var response in new[]
        {
            Wire.Whole(json.Replace("{0}", "message", StringComparison.Ordinal)),
            Wire.Updates(json.Replace("{0}", "delta", StringComparison.Ordinal)).ToChatResponse(),
        })
        {
            Assert.Equal("Hi", response.Text);
            Assert.Equal((id, created), (response.ResponseId, response.CreatedAt?.ToUnixTimeSeconds()));
            Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
        }
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    [InlineData("{}", null)]
    [InlineData("\"stop\"", "stop")]
    [InlineData("\"length\"", "length")]
    [InlineData("\"tool_calls\"", "tool_calls")]
    [InlineData("\"function_call\"", "tool_calls")]
    [InlineData("\"content_filter\"", "content_filter")]
    [InlineData("\"eos\"", "eos")]
    [InlineData("\"insufficient_system_resource\"", "insufficient_system_resource")]
    public void Finish_reasons_are_mapped_kept_or_none(string native, string? expected)
    {
        foreach (var response in new[]
        {
            Wire.Whole($$$"""{"choices":[{"message":{"content":"Hi"},"finish_reason":{{{native}}}}]}"""),
            Wire.Updates("""{"choices":[{"delta":{"content":"Hi"}}]}""", $$$"""{"choices":[{"delta":{},"finish_reason":{{{native}}}}]}""").ToChatResponse(),
        })
        {
            Assert.Equal(expected, response.FinishReason?.Value);
            Assert.Equal("Hi", response.Text);
            Assert.Equal(expected is null ? null : native.Trim('"'), response.AdditionalProperties?.GetValueOrDefault("native_finish_reason"));
        }
    }

    [Theory, InlineData("{}"), InlineData("""{"choices":null}"""), InlineData("""{"choices":[]}"""), InlineData("""{"choices":"none"}"""), InlineData("""{"choices":[{}]}""")]
    public void An_answer_without_choices_is_an_empty_message_without_a_finish_reason(string json)
    {
        var whole = Wire.Whole(json);
        Assert.Empty(Assert.Single(whole.Messages).Contents);
        Assert.Null(whole.FinishReason);

        Assert.All(Wire.Updates(json), static update => Assert.True(update.Contents.Count == 0 && update.FinishReason is null));
    }

    [Theory, InlineData("null"), InlineData("[]"), InlineData("7"), InlineData(""), InlineData("{"), InlineData("<html>"), InlineData("{\"id\":\"\u0001\"}")]
    public void What_is_no_json_object_is_malformed(string text)
    {
        var failure = Assert.Throws<RouterException>(() => Wire.Parse(text));

        Assert.Equal((FailureKind.MalformedAnswer, "acme", "acme sent an answer that cannot be read as JSON."), (failure.Kind, failure.Provider, failure.Message));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_refusal_is_an_error_content_with_the_refusal_code(bool streaming)
    {
        var response = streaming
            ? Wire.Streamed(["""{"refusal":"I "}""", """{"refusal":"cannot"}"""])
            : Wire.Message("""{"content":null,"refusal":"I cannot"}""");

        var error = Assert.IsType<ErrorContent>(Assert.Single(response.Messages[0].Contents));
        Assert.Equal(("I cannot", "Refusal"), (error.Message, error.ErrorCode));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Web_citations_are_annotations_of_the_text(bool streaming)
    {
        const string Annotations =
            """[{"type":"url_citation","url_citation":{"url":"https://a.example/x","title":"T","content":"C","start_index":1,"end_index":4}},{"type":"file","file":{"hash":"h"}},{"type":"url_citation","url_citation":{"url":"::"}}]""";

        var response = streaming
            ? Wire.Streamed(["""{"content":"Text"}""", $$"""{"content":".","annotations":{{Annotations}}}"""])
            : Wire.Message($$"""{"content":"Text.","annotations":{{Annotations}}}""");

        Assert.Equal("Text.", response.Text);
        var annotations = response.Messages[0].Contents.SelectMany(static c => c.Annotations ?? []).ToList();
        var citation = Assert.IsType<CitationAnnotation>(annotations[0]);
        Assert.Equal(("https://a.example/x", "T", "C"), (citation.Url?.AbsoluteUri, citation.Title, citation.Snippet));
        var span = Assert.IsType<TextSpanAnnotatedRegion>(Assert.Single(citation.AnnotatedRegions!));
        Assert.Equal((1, 4), (span.StartIndex, span.EndIndex));
        Assert.Equal(3, annotations.Count);

        using var written = JsonDocument.Parse(Wire.Text(AnswerWriter.Write(response)));
        Wire.EqualJson(Annotations, written.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("annotations").GetRawText());
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Images_of_the_model_are_data(bool streaming)
    {
        const string Message = """{"content":"Here","images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"image_url":{"url":"nonsense"}},{"image_url":7}]}""";

        var response = streaming ? Wire.Streamed([Message]) : Wire.Message(Message);

        Assert.Equal([1, 2, 3], Assert.Single(response.Messages[0].Contents.OfType<DataContent>()).Data.ToArray());
    }

    [Fact]
    public void A_character_cut_in_two_is_whole_again()
    {
        Assert.Equal("🎉!", Wire.Streamed(["""{"content":"\ud83c"}""", """{"content":"\udf89\u0021"}"""]).Text);
        Assert.Equal("🎉!", Wire.Streamed(["""{"reasoning":"\uD83C"}""", """{"reasoning":"\uDF89!"}"""]).Messages[0].Contents.OfType<TextReasoningContent>().Single().Text);
        Assert.Equal(
            "🎉",
            Wire.Streamed(
            [
                """{"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{\"x\":\"\ud83c"}}]}""",
                """{"tool_calls":[{"function":{"arguments":"\udf89\"}"}}]}""",
            ]).Messages[0].Contents.OfType<FunctionCallContent>().Single().Arguments!["x"]!.ToString());
        Assert.Equal("a\n\\ud83c\"" + (char)0xd83c, Wire.Message("""{"content":"a\n\\ud83c\"\ud83c","x":"\udf89"}""").Text);
    }

    [Fact]
    public void What_is_no_character_is_replaced()
    {
        byte[] broken = [.. """{"x":"\ud83c","choices":[{"message":{"content":"a"""u8, 0xF0, 0x9F, .. """b"}}]}"""u8];

        var response = AnswerReader.Read(AnswerReader.Parse(broken));

        Assert.Equal("a\uFFFDb", response.Text);
        Assert.Contains("\"x\":\"\uFFFD\"", Wire.Text(AnswerWriter.Write(response)), StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Fields_nobody_knows_are_kept(bool streaming)
    {
        const string Answer = """
            {"x_time":1.5,"service_tier":"flex","empty":null,"openrouter_metadata":{"a":1},
             "choices":[{"{0}":{"content":"Hi"},"finish_reason":"stop","logprobs":{"content":[]},"matched_stop":2}]}
            """;
        var response = streaming
            ? Wire.Updates(Answer.Replace("{0}", "delta", StringComparison.Ordinal)).ToChatResponse()
            : Wire.Whole(Answer.Replace("{0}", "message", StringComparison.Ordinal));

        Assert.Equal(
            ["logprobs={\"content\":[]}", "matched_stop=2", "native_finish_reason=stop", "openrouter_metadata={\"a\":1}", "service_tier=flex", "x_time=1.5"],
            response.AdditionalProperties!.Select(static p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Of_several_answers_the_first_to_speak_is_read()
    {
        var updates = Wire.Updates(
            """{"choices":[{"index":1,"delta":{"content":"B"}}]}""",
            """{"choices":[{"index":0,"delta":{"content":"A"}},{"index":1,"delta":{"content":"b"}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}""",
            """{"choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}""");

        Assert.Equal(("Bb", ChatFinishReason.Stop), (updates.ToChatResponse().Text, updates.ToChatResponse().FinishReason));
    }

    [Fact]
    public void A_whole_message_in_a_stream_is_read_once()
    {
        Assert.Equal("Hi", Wire.Updates("""{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}""").ToChatResponse().Text);
        Assert.Equal(
            "Hi",
            Wire.Updates("""{"choices":[{"delta":{"content":"Hi"}}]}""", """{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}""")
                .ToChatResponse().Text);
    }

    [Theory]
    [InlineData("""{"error":{"code":429,"message":"Slow down","metadata":{"error_type":"rate_limit_exceeded"}},"choices":[{"{0}":{"content":""},"finish_reason":"error"}]}""", FailureKind.RateLimited, 429, "rate_limit_exceeded", "Slow down")]
    [InlineData("""{"error":{"code":502,"message":"Down"}}""", FailureKind.Unavailable, 502, "502", "Down")]
    [InlineData("""{"error":{"code":"server_error","message":"Oops"},"choices":[]}""", FailureKind.ServerError, null, "server_error", "Oops")]
    [InlineData("""{"error":{"type":"overloaded_error","message":"Busy"}}""", FailureKind.Overloaded, null, "overloaded_error", "Busy")]
    [InlineData("""{"error":"it broke"}""", FailureKind.Unknown, null, null, "it broke")]
    [InlineData("""{"object":"error","message":"Bad","type":"invalid_request_error","code":null}""", FailureKind.InvalidRequest, null, "invalid_request_error", "Bad")]
    [InlineData("""{"choices":[{"{0}":{"content":"Half"},"finish_reason":"error","error":{"code":503,"message":"Gone"}}]}""", FailureKind.Unavailable, 503, "503", "Gone")]
    [InlineData("""{"choices":[{"{0}":{"content":"Half"},"finish_reason":"error"}]}""", FailureKind.ServerError, null, "server_error", null)]
    public void An_error_inside_the_answer_is_a_failure(string json, FailureKind kind, int? status, string? code, string? message)
    {
        Action[] readings =
        [
            () => Wire.Whole(json.Replace("{0}", "message", StringComparison.Ordinal)),
            () => Wire.Updates(json.Replace("{0}", "delta", StringComparison.Ordinal)),
        ];
        foreach (var reading in readings)
        {
            var failure = Assert.Throws<RouterException>(reading);
            Assert.Equal((kind, status, code, "acme"), (failure.Kind, failure.Status, failure.ProviderCode, failure.Provider));
            Assert.Equal("acme broke off its answer with an error" + (message is null ? "." : ": " + message), failure.Message);
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        using var events = new SseReader(stream);
        var reader = new AnswerStreamReader("acme");
        var updates = new List<ChatResponseUpdate>();
        while (await events.ReadAsync() && !events.Data.Span.SequenceEqual("[DONE]"u8))
        {
            if (reader.Read(AnswerReader.Parse(events.Data.Span)) is { } update)
                updates.Add(update);
        }

        updates.AddRange(reader.Complete());
        return string.Join('\n', updates.Select(static u => JsonSerializer.Serialize(u, AIJsonUtilities.DefaultOptions).ReplaceLineEndings("")));
    }

    private static string Describe(ChatResponse response)
    {
        var contents = Assert.Single(response.Messages).Contents;
        var lines = new List<string>
        {
            $"{response.ResponseId} {response.ModelId} {response.CreatedAt?.ToUnixTimeSeconds()} {response.FinishReason}; "
                + $"usage {response.Usage?.InputTokenCount}+{response.Usage?.OutputTokenCount}={response.Usage?.TotalTokenCount} of which {response.Usage?.ReasoningTokenCount} reasoning",
            string.Join(' ', response.AdditionalProperties!.Select(static p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal)),
            "text: " + response.Text,
            "reasoning: " + string.Concat(contents.OfType<TextReasoningContent>().Select(static r => r.Text)),
            "details: " + string.Concat(contents.OfType<TextReasoningContent>().Select(static r => r.ProtectedData)),
        };
        lines.AddRange(contents.OfType<FunctionCallContent>().Select(static c => $"call: {c.CallId} {c.Name} {JsonSerializer.Serialize(c.Arguments, Plain)}"));
        return string.Join('\n', lines);
    }

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

using System.Text;
using System.Text.Json;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Tests.Transport;
using MeaiRouter.OpenAI.Transport;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>Answers as each provider gives them, whole and streamed, in the form its documentation gives: both read the same.</summary>
public sealed class RecordedAnswersTests
{
    // Reasoning | text | calls | citations | finish reason | input, cached, output, reasoning, searches | reported cost in nano-dollars.
    private static readonly Recording[] Recordings =
    [
        new(
            "deepseek: reasoning_content, cache hits beside the details",
            """
            {"id":"d","object":"chat.completion","created":1,"model":"deepseek-chat","system_fingerprint":"fp","choices":[{"index":0,"logprobs":null,"finish_reason":"stop",
             "message":{"role":"assistant","content":"Sunny.","reasoning_content":"Let me see."}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":8},"completion_tokens_details":{"reasoning_tokens":4},
             "prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2}}
            """,
            [
                """{"id":"d","created":1,"model":"deepseek-chat","choices":[{"index":0,"delta":{"role":"assistant","content":null,"reasoning_content":""},"finish_reason":null}],"usage":null}""",
                """{"id":"d","choices":[{"index":0,"delta":{"content":null,"reasoning_content":"Let me"},"finish_reason":null}]}""",
                """{"id":"d","choices":[{"index":0,"delta":{"content":null,"reasoning_content":" see."},"finish_reason":null}]}""",
                """{"id":"d","choices":[{"index":0,"delta":{"content":"Sunny.","reasoning_content":null},"finish_reason":null}]}""",
                """{"id":"d","choices":[{"index":0,"delta":{"content":"","reasoning_content":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"prompt_cache_hit_tokens":8,"completion_tokens_details":{"reasoning_tokens":4}}}""",
            ],
            "Let me see.|Sunny.|||stop|10,8,6,4,0|"),
        new(
            "mistral: content in parts of thinking and text",
            """
            {"id":"m","object":"chat.completion","created":1,"model":"magistral-medium-latest","choices":[{"index":0,"finish_reason":"stop",
             "message":{"role":"assistant","tool_calls":null,"content":[{"type":"thinking","thinking":[{"type":"text","text":"Let me see."}],"closed":true},{"type":"text","text":"Sunny."}]}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16}}
            """,
            [
                """{"id":"m","object":"chat.completion.chunk","created":1,"model":"magistral-medium-latest","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
                """{"id":"m","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Let me"}]}]},"finish_reason":null}]}""",
                """{"id":"m","choices":[{"index":0,"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":" see."}]}]},"finish_reason":null}]}""",
                """{"id":"m","choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":null}]}""",
                """{"id":"m","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16}}""",
            ],
            "Let me see.|Sunny.|||stop|10,,6,,0|"),
        new(
            "mistral: ids of nine characters, a whole call in one delta, model_length",
            """
            {"id":"m","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":"",
             "tool_calls":[{"id":"D681PevKs","function":{"name":"f","arguments":"{\"a\": 1}"},"index":0}]}}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
            """,
            [
                """{"id":"m","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
                """{"id":"m","choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"D681PevKs","function":{"name":"f","arguments":"{\"a\": 1}"},"index":0}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
            ],
            """||D681PevKs f {"a":1}||tool_calls|3,,2,,0|"""),
        new(
            "groq: reasoning, usage in x_groq alone",
            """
            {"id":"g","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sunny.","reasoning":"Let me see."}}],
             "x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":10,"completion_tokens":6,"total_tokens":16}}}
            """,
            [
                """{"id":"g","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"x_groq":{"id":"req_1"}}""",
                """{"id":"g","choices":[{"index":0,"delta":{"reasoning":"Let me see.","channel":"analysis"},"finish_reason":null}]}""",
                """{"id":"g","choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":null}]}""",
                """{"id":"g","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req_1","usage":{"queue_time":0.1,"prompt_tokens":10,"completion_tokens":6,"total_tokens":16}}}""",
            ],
            "Let me see.|Sunny.|||stop|10,,6,,0|"),
        new(
            "moonshot: usage in the choice, cached tokens beside the details",
            """
            {"id":"k","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sunny.","reasoning_content":"Let me see."},
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"cached_tokens":7}}]}
            """,
            [
                """{"id":"k","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}""",
                """{"id":"k","choices":[{"index":0,"delta":{"reasoning_content":"Let me see."},"finish_reason":null}]}""",
                """{"id":"k","choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":null}]}""",
                """{"id":"k","choices":[{"index":0,"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"cached_tokens":7}}]}""",
            ],
            "Let me see.|Sunny.|||stop|10,7,6,,0|"),
        new(
            "perplexity: sources beside the choices, usage that grows, a cost in parts",
            """
            {"id":"p","model":"sonar-pro","created":1,"citations":["https://a.example/1","https://b.example/2"],
             "search_results":[{"title":"One","url":"https://a.example/1","date":"2025-01-01","snippet":"s"},{"title":"Two","url":"https://b.example/2"}],
             "choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sunny.[1][2]"},"delta":{"role":"assistant","content":""}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"search_context_size":"low","num_search_queries":2,"reasoning_tokens":3,
              "cost":{"input_tokens_cost":0.001,"output_tokens_cost":0.002,"request_cost":0.006,"total_cost":0.009}}}
            """,
            [
                """{"id":"p","citations":["https://a.example/1","https://b.example/2"],"choices":[{"index":0,"delta":{"role":"assistant","content":"Sunny."},"message":{"role":"assistant","content":"Sunny."},"finish_reason":null}],"usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}}""",
                """{"id":"p","citations":["https://a.example/1","https://b.example/2"],"search_results":[{"title":"One","url":"https://a.example/1","date":"2025-01-01","snippet":"s"},{"title":"Two","url":"https://b.example/2"}],"choices":[{"index":0,"delta":{"content":"[1][2]"},"message":{"role":"assistant","content":"Sunny.[1][2]"},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"num_search_queries":2,"reasoning_tokens":3,"cost":{"total_cost":0.009}}}""",
            ],
            "|Sunny.[1][2]||One https://a.example/1, Two https://b.example/2|stop|10,,6,3,2|9000000"),
        new(
            "gemini: a call with its thought's signature, no index, null content, thoughts in the total alone",
            """
            {"id":"x","object":"chat.completion","created":1,"model":"gemini-3-pro-preview","choices":[{"index":0,"finish_reason":"tool_calls",
             "message":{"role":"assistant","content":null,"tool_calls":[
              {"extra_content":{"google":{"thought_signature":"c2ln"}},"function":{"arguments":"{\"city\":\"Oslo\"}","name":"f"},"id":"function-call-1","type":"function"},
              {"function":{"arguments":"{\"city\":\"Rome\"}","name":"f"},"id":"function-call-2","type":"function"}]}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":40}}
            """,
            [
                """{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"extra_content":{"google":{"thought_signature":"c2ln"}},"function":{"arguments":"{\"city\":\"Oslo\"}","name":"f"},"id":"function-call-1","type":"function"}]},"finish_reason":null}]}""",
                """{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"function":{"arguments":"{\"city\":\"Rome\"}","name":"f"},"id":"function-call-2","type":"function"}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":40}}""",
            ],
            """||function-call-1 f {"city":"Oslo"}, function-call-2 f {"city":"Rome"}||tool_calls|10,,6,,0|"""),
        new(
            "xai: reasoning beside the output, what it charged in ticks",
            """
            {"id":"x","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Sunny.","reasoning_content":"Let me see.","refusal":null}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":20,"completion_tokens_details":{"reasoning_tokens":4},"num_sources_used":0,"cost_in_usd_ticks":90000000}}
            """,
            [
                """{"id":"x","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Let me see."}}]}""",
                """{"id":"x","choices":[{"index":0,"delta":{"content":"Sunny.","role":"assistant"}}]}""",
                """{"id":"x","choices":[{"index":0,"delta":{"content":"","role":"assistant"},"finish_reason":"stop"}]}""",
                """{"id":"x","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":20,"completion_tokens_details":{"reasoning_tokens":4},"cost_in_usd_ticks":90000000}}""",
            ],
            "Let me see.|Sunny.|||stop|10,,6,4,0|9000000"),
        new(
            "minimax: reasoning_details, base_resp that says all is well",
            """
            {"id":"n","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","name":"MiniMax AI","audio_content":"","content":"Sunny.",
             "reasoning_details":[{"type":"reasoning.text","id":"r","format":"MiniMax-response-v1","index":0,"text":"Let me see."}]}}],
             "usage":{"total_tokens":16,"total_characters":0,"prompt_tokens":10,"completion_tokens":6},"input_sensitive":false,"base_resp":{"status_code":0,"status_msg":""}}
            """,
            [
                """{"id":"n","choices":[{"index":0,"delta":{"role":"assistant","reasoning_details":[{"type":"reasoning.text","id":"r","format":"MiniMax-response-v1","index":0,"text":"Let me"}]}}]}""",
                """{"id":"n","choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","id":"r","format":"MiniMax-response-v1","index":0,"text":" see."}]}}]}""",
                """{"id":"n","choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":"stop"}]}""",
                """{"id":"n","choices":[],"usage":{"total_tokens":16,"prompt_tokens":10,"completion_tokens":6},"base_resp":{"status_code":0,"status_msg":""}}""",
            ],
            "Let me see.|Sunny.|||stop|10,,6,,0|"),
        new(
            "cohere: no index, a call in pieces, its own word for the end",
            """
            {"id":"c","choices":[{"index":0,"finish_reason":"TOOL_CALL","message":{"role":"assistant","content":"I will look.",
             "tool_calls":[{"id":"f_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
            """,
            [
                """{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"I will"},"finish_reason":null}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{"content":" look."},"finish_reason":null}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"id":"f_1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":"{\"a\""}}]},"finish_reason":null}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"function":{"arguments":":1}"}}]},"finish_reason":null}]}""",
                """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"TOOL_CALL"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
            ],
            """|I will look.|f_1 f {"a":1}||TOOL_CALL|3,,2,,0|"""),
        new(
            "cloudflare: arguments as an object, a call without an id in the stream's one chunk",
            """
            {"id":"w","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":{"a":1}}}]}}],
             "usage":{"prompt_tokens":"3","completion_tokens":2.0,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":0}}}
            """,
            [
                """{"id":"w","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"t","type":"function","index":0,"function":{"name":"f","arguments":{"a":1}}}]},"finish_reason":null}]}""",
                """{"id":"w","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":0}}}""",
            ],
            """||t f {"a":1}||stop|3,0,2,,0|"""),
        new(
            "ollama: reasoning, a whole call with an index, usage in a chunk of its own",
            """
            {"id":"o","object":"chat.completion","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":"","reasoning":"Let me see.",
             "tool_calls":[{"id":"call_1","index":0,"type":"function","function":{"name":"f","arguments":"{}"}}]}}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
            """,
            [
                """{"id":"o","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Let me see."},"finish_reason":null}]}""",
                """{"id":"o","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_1","index":0,"type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""",
                """{"id":"o","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""",
            ],
            "Let me see.||call_1 f {}||tool_calls|3,,2,,0|"),
        new(
            "openrouter: signed details, citations, cost",
            """
            {"id":"gen","provider":"Acme","choices":[{"index":0,"finish_reason":"stop","native_finish_reason":"end_turn","message":{"role":"assistant","content":"Sunny.","reasoning":"Let me see.",
             "reasoning_details":[{"type":"reasoning.text","text":"Let me see.","format":"anthropic-claude-v1","index":0,"signature":"s"}],
             "annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/1","title":"One","start_index":0,"end_index":3}}]}}],
             "usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"cost":0.009,"completion_tokens_details":{"reasoning_tokens":4}}}
            """,
            [
                """{"id":"gen","provider":"Acme","choices":[{"index":0,"delta":{"role":"assistant","content":"","reasoning":"Let me see.","reasoning_details":[{"type":"reasoning.text","text":"Let me see.","format":"anthropic-claude-v1","index":0}]},"finish_reason":null}]}""",
                """{"id":"gen","provider":"Acme","choices":[{"index":0,"delta":{"content":"","reasoning_details":[{"type":"reasoning.text","signature":"s","format":"anthropic-claude-v1","index":0}]},"finish_reason":null}]}""",
                """{"id":"gen","provider":"Acme","choices":[{"index":0,"delta":{"content":"Sunny."},"finish_reason":null}]}""",
                """{"id":"gen","provider":"Acme","choices":[{"index":0,"delta":{"content":"","annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example/1","title":"One","start_index":0,"end_index":3}}]},"finish_reason":"stop","native_finish_reason":"end_turn"}]}""",
                """{"id":"gen","provider":"Acme","choices":[],"usage":{"prompt_tokens":10,"completion_tokens":6,"total_tokens":16,"cost":0.009,"completion_tokens_details":{"reasoning_tokens":4}}}""",
            ],
            "Let me see.|Sunny.||One https://a.example/1|stop|10,,6,4,0|9000000"),
    ];

    public static TheoryData<string> Names() => [.. Recordings.Select(static recording => recording.Name)];

    [Theory, MemberData(nameof(Names))]
    public void An_answer_is_read_whole(string name) => Assert.Equal(Find(name).Expected, Describe(Wire.Whole(Find(name).Whole)));

    [Theory, MemberData(nameof(Names))]
    public void A_stream_is_read_as_the_whole_answer_is(string name) =>
        Assert.Equal(Find(name).Expected, Describe(Wire.Updates(Find(name).Chunks).ToChatResponse()));

    [Theory, MemberData(nameof(Names))]
    public async Task A_stream_is_the_same_wherever_its_bytes_are_split(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(Sse.Stream(Find(name).Chunks));
        for (var split = 1; split < bytes.Length; split++)
            Assert.Equal(Find(name).Expected, Describe(await ReadAsync(bytes, split)));
    }

    // What Gemini signs it wants back to the letter: https://ai.google.dev/gemini-api/docs/thought-signatures
    [Theory, InlineData(false), InlineData(true)]
    public void Signatures_on_calls_go_back_to_the_letter(bool streaming)
    {
        var gemini = Recordings.First(static recording => recording.Name.StartsWith("gemini", StringComparison.Ordinal));
        var response = streaming ? Wire.Updates(gemini.Chunks).ToChatResponse() : Wire.Whole(gemini.Whole);

        Wire.EqualJson(
            """
            [{"role":"assistant","content":null,"tool_calls":[
             {"id":"function-call-1","type":"function","function":{"name":"f","arguments":"{\"city\":\"Oslo\"}"},"extra_content":{"google":{"thought_signature":"c2ln"}}},
             {"id":"function-call-2","type":"function","function":{"name":"f","arguments":"{\"city\":\"Rome\"}"}}]}]
            """,
            Wire.WrittenMessages([.. response.Messages]));
    }

    private static Recording Find(string name) => Recordings.Single(recording => recording.Name == name);

    private static async Task<ChatResponse> ReadAsync(byte[] bytes, int split)
    {
        using var events = new SseReader(new PiecewiseStream(bytes, split, bytes.Length), 1 << 20);
        var reader = new AnswerStreamReader("acme");
        var updates = new List<ChatResponseUpdate>();
        while (await events.ReadAsync(default) && !events.Data.Span.SequenceEqual("[DONE]"u8))
        {
            if (!events.Data.IsEmpty && reader.Read(AnswerReader.Parse(events.Data.Span)) is { } update)
                updates.Add(update);
        }

        updates.AddRange(reader.Complete());
        return updates.ToChatResponse();
    }

    private static string Describe(ChatResponse response)
    {
        var contents = Assert.Single(response.Messages).Contents;
        var usage = response.Usage!;
        var counts = usage.AdditionalCounts;
        return string.Join(
            '|',
            string.Concat(contents.OfType<TextReasoningContent>().Select(static reasoning => reasoning.Text)),
            response.Text,
            string.Join(", ", contents.OfType<FunctionCallContent>().Select(static call => $"{call.CallId} {call.Name} {JsonSerializer.Serialize(call.Arguments)}")),
            string.Join(", ", contents.SelectMany(static content => content.Annotations ?? []).OfType<CitationAnnotation>().Select(static citation => $"{citation.Title} {citation.Url}")),
            response.FinishReason?.Value,
            string.Join(',', usage.InputTokenCount, usage.CachedInputTokenCount, usage.OutputTokenCount, usage.ReasoningTokenCount, counts?.GetValueOrDefault(UsageCounts.WebSearches) ?? 0),
            counts?.TryGetValue(UsageCounts.ReportedCost, out var cost) == true ? cost : null);
    }

    private sealed record Recording(string Name, string Whole, string[] Chunks, string Expected);
}

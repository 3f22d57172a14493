using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Codec;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Tests.Codec;

/// <summary>The same request in each provider's own words.</summary>
public sealed class SpellingTests
{
    private static readonly byte[] Bytes = [1, 2, 3];

    // What is asked in the one form (effort, and reasoning {effort, max_tokens, enabled}), and what each provider is told.
    [Theory]
    [InlineData("openai", "gpt-5", "low", null, """{"reasoning_effort":"low"}""")]
    [InlineData("openai", "gpt-5", null, """{"effort":"minimal"}""", """{"reasoning_effort":"minimal"}""")]
    [InlineData("openai", "gpt-5.1", "none", null, """{"reasoning_effort":"none"}""")]
    [InlineData("openai", "gpt-5", null, """{"enabled":true}""", """{"reasoning_effort":"medium"}""")]
    [InlineData("openai", "gpt-5", "high", """{"exclude":true}""", """{"reasoning_effort":"high"}""")]
    [InlineData("openrouter", "a/b", "low", null, """{"reasoning":{"effort":"low"}}""")]
    [InlineData("openrouter", "a/b", null, """{"effort":"max"}""", """{"reasoning":{"effort":"max"}}""")]
    [InlineData("openrouter", "a/b", null, """{"max_tokens":2000}""", """{"reasoning":{"max_tokens":2000}}""")]
    [InlineData("openrouter", "a/b", "low", """{"max_tokens":2000}""", """{"reasoning":{"max_tokens":2000}}""")]
    [InlineData("openrouter", "a/b", "low", """{"exclude":true}""", """{"reasoning":{"exclude":true,"effort":"low"}}""")]
    [InlineData("openrouter", "a/b", "none", null, """{"reasoning":{"enabled":false}}""")]
    [InlineData("openrouter", "a/b", null, """{"enabled":false}""", """{"reasoning":{"enabled":false}}""")]
    [InlineData("anthropic", "claude-sonnet-4-5", null, """{"max_tokens":2000}""", """{"thinking":{"budget_tokens":2000,"type":"enabled"}}""")]
    [InlineData("anthropic", "claude-sonnet-4-5", "none", null, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("fireworks", "m", "high", null, """{"reasoning_effort":"high"}""")]
    [InlineData("fireworks", "m", null, """{"max_tokens":2000}""", """{"thinking":{"budget_tokens":2000,"type":"enabled"}}""")]
    [InlineData("gemini", "gemini-2.5-flash", "low", null, """{"reasoning_effort":"low"}""")]
    [InlineData("gemini", "gemini-2.5-flash", null, """{"max_tokens":800}""", """{"extra_body":{"google":{"thinking_config":{"thinking_budget":800}}}}""")]
    [InlineData("gemini", "gemini-2.5-flash", null, """{"max_tokens":0}""", """{"reasoning_effort":"none"}""")]
    [InlineData("deepseek", "deepseek-chat", "none", null, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("deepseek", "deepseek-chat", null, """{"effort":"max"}""", """{"reasoning_effort":"max"}""")]
    [InlineData("deepseek", "deepseek-chat", null, """{"enabled":true}""", """{"thinking":{"type":"enabled"}}""")]
    [InlineData("moonshot", "kimi-k2.6", "high", null, """{"thinking":{"type":"enabled"}}""")]
    [InlineData("moonshot", "kimi-k3", "high", null, """{"reasoning_effort":"high"}""")]
    [InlineData("zai", "glm-4.6", "none", null, """{"thinking":{"type":"disabled"}}""")]
    [InlineData("minimax", "MiniMax-M3", "high", null, """{"thinking":{"type":"adaptive"},"reasoning_split":true}""")]
    [InlineData("alibaba", "qwen-plus", null, """{"max_tokens":500}""", """{"thinking_budget":500,"enable_thinking":true}""")]
    [InlineData("alibaba", "qwen-plus", "none", null, """{"enable_thinking":false}""")]
    [InlineData("alibaba", "deepseek-v4-pro", "high", null, """{"reasoning_effort":"high"}""")]
    [InlineData("together", "m", "low", null, """{"reasoning_effort":"low"}""")]
    [InlineData("together", "m", "none", null, """{"reasoning":{"enabled":false}}""")]
    [InlineData("groq", "openai/gpt-oss-20b", "low", null, """{"reasoning_effort":"low"}""")]
    [InlineData("groq", "qwen/qwen3-32b", "high", null, """{"reasoning_effort":"default"}""")]
    [InlineData("groq", "qwen/qwen3-32b", "none", null, """{"reasoning_effort":"none"}""")]
    [InlineData("vllm", "m", "none", null, """{"chat_template_kwargs":{"enable_thinking":false}}""")]
    [InlineData("llamacpp", "m", "high", null, """{"chat_template_kwargs":{"enable_thinking":true}}""")]
    [InlineData("cohere", "command-a-reasoning", "none", null, """{"reasoning_effort":"none"}""")]
    [InlineData("openai", "gpt-5", null, null, "{}")]
    public void Reasoning_is_asked_for_in_the_provider_s_fields(string provider, string model, string? effort, string? reasoning, string expected) =>
        Wire.EqualJson(expected, Sent(provider, model, Asking(effort, reasoning)));

    [Theory]
    [InlineData("low", null, """{"reasoning_effort":"low"}""")]
    [InlineData(null, """{"effort":"minimal"}""", """{"reasoning_effort":"minimal"}""")]
    [InlineData("low", """{"effort":"low","exclude":true}""", """{"reasoning":{"effort":"low","exclude":true}}""")]
    [InlineData(null, """{"max_tokens":9}""", """{"reasoning":{"max_tokens":9}}""")]
    [InlineData(null, "null", "{}")]
    [InlineData(null, "7", """{"reasoning":7}""")]
    public void A_provider_of_which_nothing_is_known_gets_OpenAI_s_word_or_OpenRouter_s_object(string? effort, string? reasoning, string expected) =>
        Wire.EqualJson(expected, Sent(RequestSpelling.Default, Asking(effort, reasoning)));

    [Fact]
    public void A_budget_that_the_provider_has_no_field_for_is_refused_so_that_another_may_take_it()
    {
        var failure = Assert.Throws<RouterException>(() => Sent("openai", "gpt-5", Asking(null, """{"max_tokens":2000}""")));

        Assert.Equal(
            (FailureKind.Unsupported, "`reasoning.max_tokens` cannot be said to this provider, which has no field for a budget: give `reasoning.effort` instead."),
            (failure.Kind, failure.Message));
    }

    [Fact]
    public void What_the_caller_himself_wrote_for_the_provider_stays()
    {
        var options = Asking(null, """{"max_tokens":2000}""");
        ((JsonObject)options.AdditionalProperties!["extra_body"]!)["thinking"] = new JsonObject { ["budget_tokens"] = 5_000 };

        Wire.EqualJson("""{"thinking":{"budget_tokens":5000,"type":"enabled"}}""", Sent("anthropic", "claude", options));
        Wire.EqualJson(
            """{"seed":1,"a":{"b":2,"c":"x"},"odd":"as it is"}""",
            Wire.WrittenOptions(
                new() { Seed = 1, AdditionalProperties = new() { ["extra_body"] = new JsonObject { ["a"] = new JsonObject { ["b"] = 2 }, ["odd"] = "as it is" } } },
                new RequestSpelling
                {
                    Always = new Dictionary<string, JsonElement> { ["a.b"] = JsonElement.Parse("3"), ["a.c"] = JsonElement.Parse("\"x\""), ["odd.deep"] = JsonElement.Parse("1") },
                }));
    }

    [Fact]
    public void The_caller_s_options_and_messages_are_left_as_they_were()
    {
        var options = Asking("low", """{"max_tokens":2000}""");
        var message = new ChatMessage(ChatRole.Assistant, "The answer is") { AdditionalProperties = Extra("""{"prefix":true}""") };

        Wire.Written([message], options, Known("alibaba").Spelling);

        Assert.Equal("""{"reasoning":{"max_tokens":2000}}""", ((JsonObject)options.AdditionalProperties!["extra_body"]!).ToJsonString());
        Assert.Equal("""{"prefix":true}""", ((JsonElement)message.AdditionalProperties["extra_body"]!).GetRawText());
    }

    [Fact]
    public void Fields_have_the_provider_s_names_wherever_they_came_from()
    {
        Wire.EqualJson("""{"random_seed":7,"max_tokens":9}""", Sent("mistral", "m", new() { Seed = 7, MaxOutputTokens = 9 }));
        Wire.EqualJson("""{"random_seed":7}""", Sent("mistral", "m", new() { AdditionalProperties = Extra("""{"seed":7}""") }));
        Wire.EqualJson("""{"random_seed":8}""", Sent("mistral", "m", new() { Seed = 7, AdditionalProperties = Extra("""{"random_seed":8}""") }));
        Wire.EqualJson("""{"max_completion_tokens":9}""", Sent("groq", "m", new() { MaxOutputTokens = 9 }));

        var all = new RequestSpelling
        {
            Renames = "max_tokens temperature top_p top_k frequency_penalty presence_penalty seed stop min_p".Split(' ')
                .ToFrozenDictionary(static name => name, static name => "config." + name.ToUpperInvariant()),
        };
        Wire.EqualJson(
            """
            {"config":{"MAX_TOKENS":9,"TEMPERATURE":0.5,"TOP_P":0.25,"TOP_K":3,"FREQUENCY_PENALTY":1,"PRESENCE_PENALTY":-1,"SEED":7,"STOP":["a"],"MIN_P":0.5}}
            """,
            Wire.WrittenOptions(
                new()
                {
                    MaxOutputTokens = 9, Temperature = 0.5f, TopP = 0.25f, TopK = 3, FrequencyPenalty = 1, PresencePenalty = -1, Seed = 7, StopSequences = ["a"],
                    AdditionalProperties = Extra("""{"min_p":0.5}"""),
                },
                all));
    }

    [Theory]
    [InlineData("openai", true)]
    [InlineData("mistral", false)]
    [InlineData("perplexity", false)]
    public void Usage_is_asked_for_in_streams_unless_the_provider_refuses_to_be_asked(string provider, bool asks)
    {
        var request = RequestWriter.Write([new(ChatRole.User, "Hi")], options: null, stream: true, spelling: Known(provider).Spelling);

        Assert.Equal((true, asks ? true : null), (request.Stream, request.StreamOptions?.IncludeUsage));
    }

    [Theory]
    [InlineData("mistral", """{"role":"assistant","content":"The answer is","prefix":true}""", "{}")]
    [InlineData("moonshot", """{"role":"assistant","content":"The answer is","partial":true}""", "{}")]
    [InlineData("alibaba", """{"role":"assistant","content":"The answer is","partial":true}""", "{}")]
    [InlineData("vllm", """{"role":"assistant","content":"The answer is"}""", """{"continue_final_message":true,"add_generation_prompt":false}""")]
    public void The_beginning_of_an_answer_is_marked_as_the_provider_has_it(string provider, string message, string fields)
    {
        var last = new ChatMessage(ChatRole.Assistant, "The answer is") { AdditionalProperties = Extra("""{"prefix":true}""") };

        var sent = JsonNode.Parse(Wire.Written([new(ChatRole.User, "Well?"), last], options: null, Known(provider).Spelling))!.AsObject();
        var messages = sent["messages"]!.AsArray();
        sent.Remove("messages");

        Wire.EqualJson(message, messages[1]!.ToJsonString());
        Wire.EqualJson(fields, sent.ToJsonString());
    }

    [Theory]
    [InlineData("openai", """{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}""")]
    [InlineData("cohere", """{"type":"json_object","schema":{"type":"object"}}""")]
    [InlineData("cloudflare", """{"type":"json_schema","json_schema":{"type":"object"}}""")]
    public void A_schema_stands_where_the_provider_looks_for_it(string provider, string format)
    {
        var schema = JsonElement.Parse("""{"type":"object"}""");
        const string OnTheWire = """{"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"}}}}""";

        foreach (var options in (ChatOptions[])[new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema, "answer") }, new() { AdditionalProperties = Extra(OnTheWire) }])
            Wire.EqualJson($$"""{"response_format":{{format}}}""", Sent(provider, "m", options));
        Wire.EqualJson("""{"response_format":{"type":"json_object"}}""", Sent(provider, "m", new() { ResponseFormat = ChatResponseFormat.Json }));
    }

    [Theory]
    [InlineData("openai", """[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}},{"type":"input_audio","input_audio":{"data":"AQID","format":"mp3"}}]""")]
    [InlineData("mistral", """[{"type":"document_url","document_url":"data:application/pdf;base64,AQID"},{"type":"input_audio","input_audio":"AQID"}]""")]
    [InlineData("alibaba", """[{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}},{"type":"input_audio","input_audio":{"data":"data:;base64,AQID","format":"mp3"}}]""")]
    public void Files_and_sound_are_sent_in_the_provider_s_parts(string provider, string parts)
    {
        var message = new ChatMessage(ChatRole.User, [new DataContent(Bytes, "application/pdf") { Name = "a.pdf" }, new DataContent(Bytes, "audio/mpeg")]);

        using var sent = JsonDocument.Parse(Wire.Written([message], options: null, Known(provider).Spelling));

        Wire.EqualJson(parts, sent.RootElement.GetProperty("messages")[0].GetProperty("content").GetRawText());
    }

    [Theory]
    [InlineData("openai", "\"required\"")]
    [InlineData("mistral", "\"any\"")]
    public void A_call_of_any_tool_is_demanded_in_the_provider_s_word(string provider, string word)
    {
        var options = new ChatOptions { ToolMode = ChatToolMode.RequireAny, Tools = [AIFunctionFactory.Create(static () => 1, "f")] };

        using var sent = JsonDocument.Parse(Wire.Written([new(ChatRole.User, "Hi")], options, Known(provider).Spelling));

        Assert.Equal(word, sent.RootElement.GetProperty("tool_choice").GetRawText());
    }

    [Fact]
    public void Marks_for_a_prompt_cache_stand_on_parts_tools_and_the_parts_of_results()
    {
        const string Mark = """{"cache_control":{"type":"ephemeral","ttl":"1h"}}""";
        var tool = AIFunctionFactory.Create(static () => 1, new AIFunctionFactoryOptions { Name = "f", AdditionalProperties = Extra(Mark) });
        ChatMessage[] messages =
        [
            new(ChatRole.System, [new TextContent("Long") { AdditionalProperties = Extra(Mark) }]),
            new(ChatRole.Tool, [new FunctionResultContent("a", "text") { AdditionalProperties = Extra(Mark) }]),
            new(ChatRole.Tool, [new FunctionResultContent("b", new List<AIContent> { new TextContent("x"), new TextContent("y") }) { AdditionalProperties = Extra(Mark) }]),
        ];

        using var sent = JsonDocument.Parse(Wire.Written(messages, new() { Tools = [tool] }, Known("openrouter").Spelling));

        var part = Mark[1..];
        Wire.EqualJson(
            $$"""
            [{"role":"system","content":[{"type":"text","text":"Long",{{part}}]},
             {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"text",{{part}}]},
             {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"x"},{"type":"text","text":"y",{{part}}]}]
            """,
            sent.RootElement.GetProperty("messages").GetRawText());
        Wire.EqualJson("""{"type":"ephemeral","ttl":"1h"}""", sent.RootElement.GetProperty("tools")[0].GetProperty("cache_control").GetRawText());
    }

    [Fact]
    public void A_spelling_for_a_model_replaces_that_of_the_provider()
    {
        var spelling = new RequestSpelling { Models = [new(["big-*"], new() { MaxCompletionTokens = true })] };

        Assert.Same(spelling, spelling.For(null));
        Assert.Same(spelling, spelling.For("small"));
        Assert.True(spelling.For("BIG-1").MaxCompletionTokens);
        Wire.EqualJson("""{"model":"big-1","max_completion_tokens":3}""", Wire.WrittenOptions(new() { ModelId = "big-1", MaxOutputTokens = 3 }, spelling));
    }

    private static string Sent(string provider, string model, ChatOptions options)
    {
        options.ModelId = model;
        return Sent(Known(provider).Spelling, options);
    }

    private static string Sent(RequestSpelling spelling, ChatOptions options)
    {
        var sent = JsonNode.Parse(Wire.Written([new(ChatRole.User, "Hello")], options, spelling))!.AsObject();
        sent.Remove("model");
        sent.Remove("messages");
        return sent.ToJsonString();
    }

    private static ChatOptions Asking(string? effort, string? reasoning) => new()
    {
        Reasoning = effort is null ? null : new ReasoningOptions { Effort = Enum.Parse<ReasoningEffort>(effort, ignoreCase: true) },
        AdditionalProperties = reasoning is null ? null : new() { ["extra_body"] = new JsonObject { ["reasoning"] = JsonNode.Parse(reasoning) } },
    };

    private static AdditionalPropertiesDictionary Extra(string json) => new() { ["extra_body"] = JsonElement.Parse(json) };

    private static KnownProvider Known(string name) => KnownProviders.TryGet(name, out var known) ? known : throw new ArgumentException("not known", nameof(name));
}

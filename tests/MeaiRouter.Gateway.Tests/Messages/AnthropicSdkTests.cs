using System.Text.Json.Nodes;
using Anthropic.Models.Messages;
using MeaiRouter.Anthropic.Tests.Serving;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Messages;

public sealed class AnthropicSdkTests : MessagesTest
{
    [Fact]
    public async Task The_SDKs_own_types_ask_and_read()
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithUsage(prompt: 1000, completion: 200, cached: 300));
        using var client = ClientOf(Gateway);

        var message = await client.Messages.Create(new() { Model = Model, MaxTokens = 99, System = "Be kind.", Messages = [new UserMessageParam("Hi")] });

        Assert.True(message.Content.Single().TryPickText(out var text));
        Assert.Equal(("Hello, wörld 🙂", StopReason.EndTurn, 700L, 300L, 200L), (text.Text, message.StopReason!.Value(), message.Usage.InputTokens, message.Usage.CacheReadInputTokens, message.Usage.OutputTokens));
        Assert.Equal((await Gateway.Ledger.SingleAsync()).Id, message.ID);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_usage_as_Anthropic_counts_and_OpenRouters_cost(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithUsage(prompt: 1000, completion: 200, cached: 300, cacheWrite: 100, reasoning: 50));

        var message = await AskAsync(streaming,
            """
            { "system": [ { "type": "text", "text": "Be kind.", "cache_control": { "type": "ephemeral" } } ], "max_tokens": 99, "temperature": 0.5, "top_k": 7,
              "stop_sequences": ["END"], "metadata": { "user_id": "u-1" }, "messages": [ { "role": "user", "content": "Hi" } ], "unheard_of": 1 }
            """);

        HttpAnswer.AssertJson(
            $$"""
            { "id": "{{(await Gateway.Ledger.SingleAsync()).Id}}", "type": "message", "role": "assistant", "model": "acme/small", "provider": "first",
              "content": [ { "type": "text", "text": "Hello, wörld 🙂" } ], "stop_reason": "end_turn", "stop_sequence": null,
              "usage": { "input_tokens": 600, "cache_creation_input_tokens": 100, "cache_read_input_tokens": 300, "output_tokens": 200,
                "cache_creation": { "ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 0 }, "output_tokens_details": { "thinking_tokens": 50 },
                "cost": 0.0007275, "is_byok": false,
                "cost_details": { "upstream_inference_cost": null, "upstream_inference_prompt_cost": 0.0003775, "upstream_inference_completions_cost": 0.00035 } } }
            """,
            message);
        var received = First.Requests.Single().Body;
        Assert.Equal((0.5, 99, 7, "END"), (received.GetProperty("temperature").GetDouble(), received.GetProperty("max_tokens").GetInt32(), received.GetProperty("top_k").GetInt32(), received.GetProperty("stop")[0].GetString()));
        Assert.Equal(["system", "user"], received.GetProperty("messages").EnumerateArray().Select(turn => turn.GetProperty("role").GetString()));
        Assert.Equal("u-1", (await Gateway.Ledger.SingleAsync()).User);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_of_tools_goes_round_and_ends(bool streaming)
    {
        FirstScript
            .Next(Reply.Text("Let me look.").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b").WithUsage(20, 10))
            .Next(Reply.Text("Oslo: rain.").WithUsage(40, 8));
        const string Tools = """ "tools": [ { "name": "weather", "description": "Tells.", "input_schema": { "type": "object", "properties": { "city": { "type": "string" } } } } ], "tool_choice": { "type": "any", "disable_parallel_tool_use": true } """;

        var asks = await AskAsync(streaming, $$"""{ "messages": [ { "role": "user", "content": "Weather?" } ], {{Tools}} }""");
        Assert.Equal("tool_use", (string?)asks["stop_reason"]);
        HttpAnswer.AssertJson(
            """
            [ { "type": "text", "text": "Let me look." }, { "type": "tool_use", "id": "call_a", "name": "weather", "input": { "city": "Oslo" }, "caller": { "type": "direct" } },
              { "type": "tool_use", "id": "call_b", "name": "weather", "input": { "city": "Łódź" }, "caller": { "type": "direct" } } ]
            """,
            asks["content"]!);
        var ends = await AskAsync(streaming,
            $$"""
            { "messages": [ { "role": "user", "content": "Weather?" }, { "role": "assistant", "content": {{asks["content"]!.ToJsonString()}} },
                { "role": "user", "content": [ { "type": "tool_result", "tool_use_id": "call_a", "content": [ { "type": "text", "text": "rain" } ] },
                  { "type": "tool_result", "tool_use_id": "call_b", "content": "no such city", "is_error": true }, { "type": "text", "text": "Well?" } ] } ], {{Tools}} }
            """);

        Assert.Equal(("end_turn", "Oslo: rain."), ((string?)ends["stop_reason"], (string?)ends["content"]![0]!["text"]));
        HttpAnswer.AssertJson(
            """
            [ { "role": "user", "content": "Weather?" },
              { "role": "assistant", "content": "Let me look.", "tool_calls": [
                { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
                { "id": "call_b", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "rain" }, { "role": "tool", "tool_call_id": "call_b", "content": "no such city" },
              { "role": "user", "content": "Well?" } ]
            """,
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
        Assert.Equal("required", First.Requests[1].Body.GetProperty("tool_choice").GetString());
        Assert.False(First.Requests[1].Body.GetProperty("parallel_tool_calls").GetBoolean());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_thinking_of_Anthropics_own_API_comes_through_and_goes_back(bool streaming)
    {
        await using var anthropic = await MessagesServer.StartAsync(
            MessagesAnswer.Of(MessagesAnswer.Thinking("I should look.", "sig-1"), MessagesAnswer.Redacted("eA=="), MessagesAnswer.ToolUse("toolu_1", "look", "{}")) with
            {
                UsageJson = """{"input_tokens":10,"cache_creation_input_tokens":50,"cache_read_input_tokens":30,"output_tokens":7,"cache_creation":{"ephemeral_5m_input_tokens":20,"ephemeral_1h_input_tokens":30}}""",
            },
            MessagesAnswer.Text("Done.") with { StopReason = "stop_sequence", StopSequence = "END" });
        await using var gateway = await StartBeforeAsync(anthropic);
        const string Rest = """ "model": "anthropic/claude", "thinking": { "type": "enabled", "budget_tokens": 1500 }, "stop_sequences": ["END"], "tools": [ { "name": "look", "input_schema": { "type": "object" }, "cache_control": { "type": "ephemeral", "ttl": "1h" } } ] """;

        var first = await AskAsync(gateway, streaming, $$"""{ "messages": [ { "role": "user", "content": "?" } ], {{Rest}} }""");
        HttpAnswer.AssertJson(
            """
            [ { "type": "thinking", "thinking": "I should look.", "signature": "sig-1" }, { "type": "redacted_thinking", "data": "eA==" },
              { "type": "tool_use", "id": "toolu_1", "name": "look", "input": {}, "caller": { "type": "direct" } } ]
            """,
            first["content"]!);
        HttpAnswer.AssertJson("""{ "ephemeral_5m_input_tokens": 20, "ephemeral_1h_input_tokens": 30 }""", first["usage"]!["cache_creation"]!);
        Assert.Equal((10, 50, 30), ((int)first["usage"]!["input_tokens"]!, (int)first["usage"]!["cache_creation_input_tokens"]!, (int)first["usage"]!["cache_read_input_tokens"]!));
        Assert.Equal(0.000133m, (decimal)first["usage"]!["cost"]!);
        var second = await AskAsync(gateway, streaming,
            $$"""
            { "messages": [ { "role": "user", "content": "?" }, { "role": "assistant", "content": {{first["content"]!.ToJsonString()}} },
                { "role": "user", "content": [ { "type": "tool_result", "tool_use_id": "toolu_1", "content": [ { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" } } ], "is_error": true } ] } ], {{Rest}} }
            """);

        Assert.Equal(("stop_sequence", "END", "Done."), ((string?)second["stop_reason"], (string?)second["stop_sequence"], (string?)second["content"]![0]!["text"]));
        var received = anthropic.Requests.Last().Body;
        first["content"]![2]!.AsObject().Remove("caller");
        HttpAnswer.AssertJson(first["content"]!.ToJsonString(), JsonNode.Parse(received.GetProperty("messages")[1].GetProperty("content").GetRawText())!);
        HttpAnswer.AssertJson(
            """[ { "type": "tool_result", "tool_use_id": "toolu_1", "is_error": true, "content": [ { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" } } ] } ]""",
            JsonNode.Parse(received.GetProperty("messages")[2].GetProperty("content").GetRawText())!);
        HttpAnswer.AssertJson("""{ "type": "enabled", "budget_tokens": 1500 }""", JsonNode.Parse(received.GetProperty("thinking").GetRawText())!);
        HttpAnswer.AssertJson("""{ "type": "ephemeral", "ttl": "1h" }""", JsonNode.Parse(received.GetProperty("tools")[0].GetProperty("cache_control").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_that_another_provider_encrypted_travels_in_a_signature_and_goes_back_to_the_letter(bool streaming)
    {
        const string Details = """[{"type":"reasoning.summary","summary":"Hm.","format":"openai-responses-v1","index":0},{"type":"reasoning.encrypted","data":"c2VjcmV0","format":"openai-responses-v1","index":1}]""";
        var reply = streaming
            ? Reply.Sse(
                $$$"""data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"small-1","choices":[{"index":0,"delta":{"role":"assistant","reasoning":"Hm.","reasoning_details":{{{Details}}}}}]}""" + "\n\n",
                """data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"small-1","choices":[{"index":0,"delta":{"content":"Yes."},"finish_reason":"stop"}]}""" + "\n\n",
                "data: [DONE]\n\n")
            : Reply.Json($$$"""{"id":"x","object":"chat.completion","created":1,"model":"small-1","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Yes.","reasoning":"Hm.","reasoning_details":{{{Details}}}}}]}""");
        FirstScript.Next(reply).Next(Reply.Text("Sure."));

        var first = await AskAsync(streaming, """{ "messages": [ { "role": "user", "content": "?" } ], "output_config": { "effort": "low" } }""");
        var thinking = first["content"]![0]!;
        Assert.Equal(("thinking", "Hm."), ((string?)thinking["type"], (string?)thinking["thinking"]));
        await AskAsync(streaming, $$"""{ "messages": [ { "role": "user", "content": "?" }, { "role": "assistant", "content": {{first["content"]!.ToJsonString()}} }, { "role": "user", "content": "Sure?" } ] }""");

        HttpAnswer.AssertJson(Details, JsonNode.Parse(First.Requests[1].Body.GetProperty("messages")[1].GetProperty("reasoning_details").GetRawText())!);
        Assert.Equal("low", First.Requests[0].Body.GetProperty("reasoning_effort").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_documents_and_search_results_reach_a_provider_of_the_chat_wire(bool streaming)
    {
        FirstScript.Always(Reply.Text("Seen."));

        await AskAsync(streaming,
            """
            { "messages": [ { "role": "user", "content": [
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AQID" } },
                { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } },
                { "type": "document", "title": "a.pdf", "source": { "type": "base64", "media_type": "application/pdf", "data": "AQID" } },
                { "type": "search_result", "source": "https://example.com/", "title": "Example", "content": [ { "type": "text", "text": "Found." } ] },
                { "type": "text", "text": "Look." } ] } ] }
            """);

        HttpAnswer.AssertJson(
            """
            [ { "type": "image_url", "image_url": { "url": "data:image/png;base64,AQID" } }, { "type": "image_url", "image_url": { "url": "https://example.com/a.png" } },
              { "type": "file", "file": { "filename": "a.pdf", "file_data": "data:application/pdf;base64,AQID" } },
              { "type": "text", "text": "Example (https://example.com/)\nFound." }, { "type": "text", "text": "Look." } ]
            """,
            JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_schema_for_the_answer_reaches_the_provider(bool streaming)
    {
        FirstScript.Always(Reply.Text("""{"a":"b"}"""));

        var message = await AskAsync(streaming,
            """{ "messages": [ { "role": "user", "content": "?" } ], "output_config": { "format": { "type": "json_schema", "schema": { "type": "object", "properties": { "a": { "type": "string" } } } } } }""");

        Assert.Equal("""{"a":"b"}""", (string?)message["content"]![0]!["text"]);
        var format = First.Requests.Single().Body.GetProperty("response_format");
        Assert.Equal(("json_schema", "string"), (format.GetProperty("type").GetString(), format.GetProperty("json_schema").GetProperty("schema").GetProperty("properties").GetProperty("a").GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fallbacks_are_tried_and_the_one_that_answered_is_named(bool streaming)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Always(Reply.Text("Hello."));

        var message = await AskAsync(streaming, """{ "model": "acme/small", "fallbacks": [ { "model": "acme/small" } ], "provider": { "order": ["first", "second"] }, "messages": [ { "role": "user", "content": "?" } ] }""");

        Assert.Equal(("second", "Hello."), ((string?)message["provider"], (string?)message["content"]![0]!["text"]));
    }

    [Fact]
    public async Task Endpoints_of_a_provider_added_in_code_have_its_dialect_as_their_model_speaks_it()
    {
        await using var anthropic = await MessagesServer.StartAsync();
        await using var gateway = await StartBeforeAsync(anthropic);

        var endpoint = gateway.Services.GetRequiredService<ModelCatalog>().Find("anthropic/claude")!.Endpoints.Single();

        Assert.Same(Anthropic.AnthropicDialect.Default.For("claude-sonnet-4-5"), endpoint.Dialect);
        Assert.Equal((ReasoningControl.Budget, CacheMarks.OnParts), (endpoint.Dialect.Reasoning.Control, endpoint.Dialect.Caching.Marks));
        Assert.Same(Dialect.Default, gateway.Services.GetRequiredService<ModelCatalog>().Find(Model)!.Endpoints[0].Dialect);
    }

    [Fact]
    public async Task Thinking_can_be_omitted_but_for_its_signature()
    {
        await using var anthropic = await MessagesServer.StartAsync();
        await using var gateway = await StartBeforeAsync(anthropic);
        foreach (var streaming in (bool[])[false, true])
        {
            anthropic.Then(MessagesAnswer.Of(MessagesAnswer.Thinking("Secret.", "sig-1"), MessagesAnswer.Block("text", "Yes.")));

            var message = await AskAsync(gateway, streaming, """{ "model": "anthropic/claude", "thinking": { "type": "enabled", "budget_tokens": 1024, "display": "omitted" }, "messages": [ { "role": "user", "content": "?" } ] }""");

            HttpAnswer.AssertJson("""[ { "type": "thinking", "thinking": "", "signature": "sig-1" }, { "type": "text", "text": "Yes." } ]""", message["content"]!);
        }
    }

    [Fact]
    public async Task Tokens_are_counted_without_calling_anybody()
    {
        using var client = ClientOf(Gateway);

        var count = await client.Messages.CountTokens(new() { Model = Model, Messages = [new UserMessageParam(new string('a', 400))], System = new string('b', 40) });

        Assert.Equal(118, count.InputTokens);
        Assert.Empty(First.Requests);
    }
}

using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Responses;

public sealed class ResponseTests : ResponsesTest
{
    private static readonly Reply Answer = Reply.Text("Hello, world")
        .WithReasoning("Let me think")
        .WithUsage(prompt: 1000, completion: 200, cached: 300, cacheWrite: 100, reasoning: 50);

    [Theory]
    [InlineData("/v1", false)]
    [InlineData("/api/v1", false)]
    [InlineData("/v1", true)]
    [InlineData("/api/v1", true)]
    public async Task An_answer_has_OpenAIs_fields_and_OpenRouters(string @base, bool streaming)
    {
        FirstScript.Next(Answer);
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        var answer = await PostAsync(Ask(streaming, ("metadata", new { a = "b" })), path: @base + "/responses");

        Assert.Equal((200, streaming ? "text/event-stream" : "application/json"), (answer.Status, answer.ContentType));
        var response = ResponseOf(answer);
        var id = answer.Headers["X-Generation-Id"];
        var suffix = id["gen-".Length..];
        HttpAnswer.AssertJson(
            $$"""
            { "id": "{{id}}", "object": "response", "status": "completed", "error": null, "incomplete_details": null, "model": "acme/small", "provider": "first",
              "output": [
                { "type": "reasoning", "id": "rs_anon_{{suffix}}_0", "status": "completed", "summary": [], "content": [ { "type": "reasoning_text", "text": "Let me think" } ] },
                { "type": "message", "id": "msg_{{suffix}}_1", "status": "completed", "role": "assistant",
                  "content": [ { "type": "output_text", "text": "Hello, world", "annotations": [], "logprobs": [] } ] } ],
              "usage": { "input_tokens": 1000, "input_tokens_details": { "cached_tokens": 300, "cache_write_tokens": 100 }, "output_tokens": 200,
                "output_tokens_details": { "reasoning_tokens": 50 }, "total_tokens": 1200, "cost": 0.0007275, "is_byok": false,
                "cost_details": { "upstream_inference_cost": null, "upstream_inference_input_cost": 0.0003775, "upstream_inference_output_cost": 0.00035 } },
              "instructions": null, "metadata": { "a": "b" }, "max_output_tokens": null, "parallel_tool_calls": true, "previous_response_id": null, "store": false,
              "background": false, "reasoning": { "effort": null, "summary": null }, "text": { "format": { "type": "text" } }, "temperature": null, "top_p": null, "frequency_penalty": null, "presence_penalty": null,
              "tool_choice": "auto", "tools": [], "truncation": "disabled" }
            """,
            response, except: ["created_at", "completed_at"]);
        Assert.InRange((long)response["created_at"]!, before, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.InRange((long)response["completed_at"]!, (long)response["created_at"]!, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var record = await Gateway.Ledger.SingleAsync();
        Assert.Equal((id, Model, streaming, 0.0007275m), (record.Id, record.RequestedModel, record.IsStreamed, record.Cost!.Value.ToUsd()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_provider_tried_has_an_event_with_the_body_it_was_sent_where_that_is_asked_for(bool asked)
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("Hello");

        var answer = await PostAsync(Ask(streaming: true, ("debug", new { echo_upstream_body = asked })));

        var events = EventsOf(answer);
        Assert.Equal(asked ? 2 : 0, events.Count(e => (string)e["type"]! == "response.debug"));
        Assert.Equal("Hello", DeltasOf(answer));
        if (asked)
        {
            Assert.Equal(["response.created", "response.in_progress", "response.debug", "response.debug"], events.Take(4).Select(e => (string)e["type"]!));
            Assert.Equal(
                [First.Requests.Single().Body.GetRawText(), Second.Requests.Single().Body.GetRawText()],
                events.Skip(2).Take(2).Select(e => e["debug"]!["echo_upstream_body"]!.ToJsonString()));
        }
    }

    [Fact]
    public async Task A_stream_tells_every_step_by_name_and_number()
    {
        FirstScript.Next(Reply.Chunks("Hel", "lo").WithReasoning("Hm").WithToolCall("weather", new { city = "Oslo" }, "call_a"));

        var answer = await PostAsync(Ask(streaming: true));

        Assert.Equal("no-cache", answer.Headers["Cache-Control"]);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
        var events = EventsOf(answer);
        Assert.Equal(
        [
            "response.created", "response.in_progress",
            "response.output_item.added", "response.content_part.added", "response.reasoning_text.delta", "response.reasoning_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.content_part.added", "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done", "response.output_item.done",
            "response.output_item.added", "response.function_call_arguments.delta", "response.function_call_arguments.done", "response.output_item.done",
            "response.completed",
        ], events.Select(e => (string)e["type"]!));
        Assert.Equal("Hello", DeltasOf(answer));
        Assert.Equal(["Hel", "lo"], events.Where(e => (string?)e["type"] == "response.output_text.delta").Select(e => (string)e["delta"]!));
        Assert.All(events.Take(2), e => Assert.Equal(("in_progress", Model, "first", 0), ((string)e["response"]!["status"]!, (string)e["response"]!["model"]!, (string)e["response"]!["provider"]!, e["response"]!["output"]!.AsArray().Count)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_provider_receives_the_conversation_and_every_parameter_in_its_own_words(bool streaming)
    {
        FirstScript.Answers("Hello");

        await Gateway.PostTextAsync(
            $$"""
            { "model": "acme/small", {{(streaming ? "\"stream\": true," : "")}} "instructions": "Be brief.", "max_output_tokens": 99, "temperature": 0.5, "top_p": 0.25,
              "input": [ { "role": "user", "content": [ { "type": "input_text", "text": "What is it?" }, { "type": "input_image", "image_url": "https://example.com/cat.png", "detail": "low" } ] } ],
              "tools": [ { "type": "function", "name": "weather", "parameters": { "type": "object", "properties": {} }, "strict": true } ], "tool_choice": "auto",
              "text": { "format": { "type": "json_schema", "name": "n", "strict": true, "schema": { "type": "object", "properties": {} } } },
              "store": false, "include": ["reasoning.encrypted_content"], "previous_response_id": null }
            """,
            path: Path);

        var received = Assert.Single(First.Requests);
        Assert.Equal("Bearer key-of-first", received.Headers["Authorization"]);
        HttpAnswer.AssertJson(
            $$"""
            { "model": "small-1", "max_tokens": 99, "temperature": 0.5, "top_p": 0.25,
              "messages": [ { "role": "system", "content": "Be brief." },
                { "role": "user", "content": [ { "type": "text", "text": "What is it?" }, { "type": "image_url", "image_url": { "url": "https://example.com/cat.png", "detail": "low" } } ] } ],
              "tools": [ { "type": "function", "function": { "name": "weather", "parameters": { "type": "object", "properties": {} }, "strict": true } } ], "tool_choice": "auto",
              "response_format": { "type": "json_schema", "json_schema": { "name": "n", "strict": true, "schema": { "type": "object", "properties": {} } } }
              {{(streaming ? ""","stream": true, "stream_options": { "include_usage": true }""" : "")}} }
            """,
            JsonNode.Parse(received.Body.GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Signed_reasoning_survives_a_tool_loop(bool streaming)
    {
        const string details = """[{"type":"reasoning.text","text":"Let me look.","signature":"sig","format":"anthropic-claude-v1","index":0}]""";
        const string calls = """[{"index":0,"id":"call_a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]""";
        FirstScript
            .Next(streaming
                ? Reply.Sse(
                    Chunk("""{"role":"assistant","reasoning":"Let me look.","reasoning_details":[{"type":"reasoning.text","text":"Let me look.","format":"anthropic-claude-v1","index":0}]}"""),
                    Chunk("""{"reasoning_details":[{"type":"reasoning.text","signature":"sig","format":"anthropic-claude-v1","index":0}]}"""),
                    Chunk($$"""{"tool_calls":{{calls}}}"""),
                    Chunk("{}", "\"tool_calls\""),
                    "data: [DONE]\n\n")
                : Reply.Json($$"""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning":"Let me look.","reasoning_details":{{details}},"tool_calls":{{calls}} },"finish_reason":"tool_calls"}]}"""))
            .Then(Reply.Text("It rains."));
        var input = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Weather?" });

        var output = ResponseOf(await PostAsync(Ask(streaming, ("input", input))))["output"]!.AsArray();
        foreach (var item in output)
            input.Add(item!.DeepClone());
        input.Add(new JsonObject { ["type"] = "function_call_output", ["call_id"] = (string)output[^1]!["call_id"]!, ["output"] = "rain" });
        var end = await PostAsync(Ask(streaming, ("input", input)));

        Assert.Equal(["reasoning", "function_call"], output.Select(item => (string)item!["type"]!));
        Assert.Equal("It rains.", TextOf(ResponseOf(end)));
        HttpAnswer.AssertJson(
            $$"""
            [ { "role": "user", "content": "Weather?" },
              { "role": "assistant", "content": null, "reasoning_details": {{details}},
                "tool_calls": [ { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "rain" } ]
            """,
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_ran_out_of_tokens_is_incomplete(bool streaming)
    {
        FirstScript.Next(Reply.Text("Half an ans").WithFinishReason("length"));

        var answer = await PostAsync(Ask(streaming));

        var response = ResponseOf(answer);
        Assert.Equal(("incomplete", "max_output_tokens", "Half an ans"), ((string)response["status"]!, (string)response["incomplete_details"]!["reason"]!, TextOf(response)));
        if (streaming)
            Assert.Equal("response.incomplete", (string)EventsOf(answer)[^1]["type"]!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_does_not_fit_the_context_is_an_answer_that_ended_at_its_limit(bool streaming)
    {
        FirstScript.Always(Fault.Status(400, "context_length_exceeded", "Too long."));
        SecondScript.Always(Fault.Status(400, "context_length_exceeded", "Too long."));

        var answer = await PostAsync(Ask(streaming));

        var response = ResponseOf(answer);
        Assert.Equal(
            (200, "incomplete", "max_output_tokens", 0),
            (answer.Status, (string)response["status"]!, (string)response["incomplete_details"]!["reason"]!, response["output"]!.AsArray().Count));
        if (streaming)
            Assert.Equal(["response.created", "response.in_progress", "response.incomplete"], EventsOf(answer).Select(e => (string)e["type"]!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metadata_of_the_route_is_told_to_who_wants_it(bool streaming)
    {
        FirstScript.Answers("Hello");
        using var content = System.Net.Http.Json.JsonContent.Create(Ask(streaming));
        content.Headers.TryAddWithoutValidation("X-OpenRouter-Metadata", "enabled");

        var answer = await Gateway.SendAsync(HttpMethod.Post, Path, content, Key);

        Assert.Equal(("acme/small", "direct"), ((string)ResponseOf(answer)["openrouter_metadata"]!["requested"]!, (string)ResponseOf(answer)["openrouter_metadata"]!["strategy"]!));
        Assert.Null(ResponseOf(await PostAsync(Ask(streaming)))["openrouter_metadata"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Text_of_every_script_and_every_escape_arrives_to_the_character(bool streaming)
    {
        const string text = "Zażółć 你好 🙂👩‍👩‍👧 \"quoted\" \\ \u0001\t\r\n\n data: [DONE] </script> \u2028 \ud83d\ude00 end ";
        FirstScript.Next(Reply.Text(text).WithWriteSize(1));

        var answer = await PostAsync(Ask(streaming));

        Assert.Equal(text, TextOf(ResponseOf(answer)));
        if (streaming)
            Assert.Equal(text, DeltasOf(answer));
    }

    private static string Chunk(string delta, string finish = "null") =>
        $$"""data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";
}

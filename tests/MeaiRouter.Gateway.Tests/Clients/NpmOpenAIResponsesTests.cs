using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses API of npm's official openai package in a real Node process, of which only the base URL and the key were changed.</summary>
public sealed class NpmOpenAIResponsesTests : GatewayTest, IClassFixture<NodePackages>
{
    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_text_status_usage_and_OpenRouters_fields(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithReasoning("Hm.").WithUsage(prompt: 1000, completion: 200, cached: 300, reasoning: 50));

        var seen = await AskAsync("plain", streaming);

        HttpAnswer.AssertJson(
            $$"""
            { "result": { "id": "{{(await Gateway.Ledger.SingleAsync()).Id}}", "status": "completed", "model": "acme/small", "provider": "first", "output_text": "Hello, wörld 🙂",
              "types": ["reasoning", "message"],
              "usage": { "input_tokens": 1000, "input_tokens_details": { "cached_tokens": 300, "cache_write_tokens": 0 }, "output_tokens": 200,
                "output_tokens_details": { "reasoning_tokens": 50 }, "total_tokens": 1200, "cost": 0.000715, "is_byok": false,
                "cost_details": { "upstream_inference_cost": null, "upstream_inference_input_cost": 0.000365, "upstream_inference_output_cost": 0.00035 } } } }
            """,
            seen);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_loop_goes_round_and_ends(bool streaming)
    {
        FirstScript
            .Next(Reply.Text("Let me look.").WithReasoning("Where?").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b"))
            .Next(Reply.Text("It rains."));

        var seen = await AskAsync("tools", streaming);

        HttpAnswer.AssertJson("""{ "result": "It rains." }""", seen);
        HttpAnswer.AssertJson(
            """
            [ { "role": "user", "content": "Hi" },
              { "role": "assistant", "content": "Let me look.", "reasoning": "Where?", "tool_calls": [
                { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
                { "id": "call_b", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "It rains in Oslo." },
              { "role": "tool", "tool_call_id": "call_b", "content": "It rains in Łódź." } ]
            """,
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
    }

    [NodeFact]
    public async Task A_structured_answer_is_parsed()
    {
        FirstScript.Answers("""{"degrees":-4}""");

        HttpAnswer.AssertJson("""{ "result": { "degrees": -4 } }""", await AskAsync("structured", streaming: false));

        Assert.Equal("json_schema", First.Requests.Single().Body.GetProperty("response_format").GetProperty("type").GetString());
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_image_reaches_the_provider(bool streaming)
    {
        FirstScript.Answers("A cat.");

        HttpAnswer.AssertJson("""{ "result": "A cat." }""", await AskAsync("image", streaming));

        HttpAnswer.AssertJson(
            """[ { "type": "text", "text": "What is it?" }, { "type": "image_url", "image_url": { "url": "https://example.com/cat.png", "detail": "low" } } ]""",
            JsonNode.Parse(First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content").GetRawText())!);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rate_limit_and_a_wrong_key_are_the_clients_own_errors(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(30)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(12)));

        var limited = (await AskAsync("plain", streaming))["error"]!;
        var refused = (await AskAsync("plain", streaming, key: "sk-wrong-key"))["error"]!;

        Assert.Equal(
            ("RateLimitError", "rate_limit_exceeded", "rate_limit_error", "12"),
            ((string)limited["name"]!, (string)limited["code"]!, (string)limited["type"]!, (string)limited["retry_after"]!));
        Assert.Equal(("AuthenticationError", "401 The key is not known here."), ((string)refused["name"]!, (string)refused["message"]!));
    }

    [NodeFact]
    public async Task A_stream_that_breaks_after_content_ends_as_failed()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");

        HttpAnswer.AssertJson("""{ "result": ["error server_error", "response.failed failed"] }""", await AskAsync("broken", streaming: true));
    }

    [NodeFact]
    public async Task Leaving_in_the_middle_of_a_stream_closes_the_providers_connection_at_once()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        await using var node = new NodeProcess("abort", streaming: true, Gateway.BaseUrl, Key, "responses.mjs");

        HttpAnswer.AssertJson("""{ "result": "one " }""", await node.SeenAsync());

        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, Second.RequestCount);
    }

    private async Task<JsonNode> AskAsync(string scenario, bool streaming, string key = Key)
    {
        await using var node = new NodeProcess(scenario, streaming, Gateway.BaseUrl, key, "responses.mjs");
        return await node.SeenAsync();
    }
}

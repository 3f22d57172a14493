using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official openai package in a real Node process, of which only the base URL and the key were changed.</summary>
public sealed class NpmOpenAITests : GatewayTest, IClassFixture<NodePackages>
{
    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_text_finish_reason_usage_and_OpenRouters_fields(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithUsage(prompt: 1000, completion: 200, cached: 300, reasoning: 50));

        var seen = await AskAsync("plain", streaming);

        HttpAnswer.AssertJson(
            $$"""
            { "result": { "id": "{{(await Gateway.Ledger.SingleAsync()).Id}}", "model": "acme/small", "content": "Hello, wörld 🙂", "finish_reason": "stop", "tool_calls": [],
              "provider": "first",
              "usage": { "prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200, "cost": 0.000715, "is_byok": false,
                "cost_details": { "upstream_inference_cost": null, "upstream_inference_prompt_cost": 0.000365, "upstream_inference_completions_cost": 0.00035 },
                "prompt_tokens_details": { "cached_tokens": 300, "cache_write_tokens": 0 }, "completion_tokens_details": { "reasoning_tokens": 50 } } } }
            """,
            seen);
    }

    [NodeFact]
    public async Task The_chunks_of_a_stream_are_as_the_client_declares_them()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").WithUsage(prompt: 3, completion: 2));

        var chunks = (await AskAsync("chunks", streaming: true))["result"]!.AsArray();

        Assert.All(chunks, chunk => Assert.Equal(("chat.completion.chunk", Model), ((string)chunk!["object"]!, (string)chunk["model"]!)));
        Assert.Equal([null, "one ", "two", null], chunks.SkipLast(1).Select(chunk => (string?)chunk!["choices"]![0]!["delta"]!["content"]));
        Assert.Equal([null, null, null, "stop"], chunks.SkipLast(1).Select(chunk => (string?)chunk!["choices"]![0]!["finish_reason"]));
        Assert.Equal((0, 5), (chunks[^1]!["choices"]!.AsArray().Count, (int)chunks[^1]!["usage"]!["total_tokens"]!));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_loop_goes_round_and_ends(bool streaming)
    {
        FirstScript
            .Next(Reply.Text("Let me look.").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b"))
            .Next(Reply.Text("It rains."));

        var turns = (await AskAsync("tools", streaming))["result"]!.AsArray();

        Assert.Equal([("tool_calls", "Let me look."), ("stop", "It rains.")], turns.Select(turn => ((string)turn!["finish_reason"]!, (string)turn["content"]!)));
        HttpAnswer.AssertJson(
            """
            [ { "id": "call_a", "type": "function", "name": "weather", "arguments": "{\"city\":\"Oslo\"}" },
              { "id": "call_b", "type": "function", "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } ]
            """,
            turns[0]!["tool_calls"]!);
        HttpAnswer.AssertJson(
            """
            [ { "role": "user", "content": "Hi" },
              { "role": "assistant", "content": "Let me look.", "tool_calls": [
                { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
                { "id": "call_b", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "It rains in Oslo." },
              { "role": "tool", "tool_call_id": "call_b", "content": "It rains in Łódź." } ]
            """,
            JsonNode.Parse(First.Requests[1].Body.GetProperty("messages").GetRawText())!);
    }

    [NodeFact]
    public async Task The_models_are_listed()
    {
        HttpAnswer.AssertJson("""{ "result": [ { "id": "acme/small", "owned_by": "acme", "object": "model" } ] }""", await AskAsync("models", streaming: false));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_provider_and_fallback_are_down_the_error_says_who_said_what(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        var error = (await AskAsync("plain", streaming))["error"]!;

        Assert.Equal(("InternalServerError", 503, 503), ((string)error["name"]!, (int)error["status"]!, (int)error["code"]!));
        Assert.Equal(
            "503 All 2 attempts failed. 1. first/small-1: Unavailable (HTTP 503), first answered 503: first: Under repair. "
            + "2. second/small-2: Unavailable (HTTP 502), second answered 502: second: On fire.",
            (string)error["message"]!);
        Assert.Equal(
            [("first", 503), ("second", 502)],
            error["error"]!["metadata"]!["previous_errors"]!.AsArray().Select(previous => ((string)previous!["provider"]!, (int)previous["status"]!)));
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

        Assert.Equal(("RateLimitError", "12"), ((string)limited["name"]!, (string)limited["retry_after"]!));
        Assert.Equal(("AuthenticationError", "401 The key is not known here."), ((string)refused["name"]!, (string)refused["message"]!));
    }

    [NodeFact]
    public async Task A_stream_that_breaks_after_content_is_an_error_of_the_client()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");

        var error = (await AskAsync("plain", streaming: true))["error"]!;

        Assert.StartsWith("The stream broke after 70 characters had been delivered.", (string)error["message"]!, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Leaving_in_the_middle_of_a_stream_closes_the_providers_connection_at_once()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));
        await using var node = new NodeProcess("abort", streaming: true, Gateway.BaseUrl, Key);

        HttpAnswer.AssertJson("""{ "result": "one " }""", await node.SeenAsync());

        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, Second.RequestCount);
    }

    private async Task<JsonNode> AskAsync(string scenario, bool streaming, string key = Key)
    {
        await using var node = new NodeProcess(scenario, streaming, Gateway.BaseUrl, key);
        return await node.SeenAsync();
    }
}

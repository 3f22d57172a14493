using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>What every client of npm must be able to do with the gateway, whole and streamed.</summary>
public abstract class ClientMatrix(NodeScripts scripts) : NodeClientTest(scripts)
{
    private const string Down = "All 2 attempts failed. 1. first/small-1: Unavailable (HTTP 503), first answered 503: first: Under repair. "
        + "2. second/small-2: Unavailable (HTTP 502), second answered 502: second: On fire.";

    /// <summary>The client's words for an answer that is complete, and for one that calls tools.</summary>
    protected virtual (string Complete, string Calls) Finish => ("stop", "tool_calls");

    /// <summary>Whether the client sends the reasoning back with the results of tools, and so can keep it signed.</summary>
    protected virtual bool ReturnsReasoning(bool streaming) => true;

    /// <summary>What of an answer the client does not hand out.</summary>
    protected virtual IReadOnlyList<string> Hidden(bool streaming) => [];

    /// <summary>What the client's own error of a status is called.</summary>
    protected abstract string ErrorName(int status);

    /// <summary>How the client puts the gateway's message.</summary>
    protected virtual string ErrorMessage(int status, string message) => message;

    /// <summary>What the client throws when it leaves; null where it just ends.</summary>
    protected abstract string? Left { get; }

    /// <summary>What the client says of an answer that broke.</summary>
    protected virtual string Broken => "The stream broke after 70 characters had been delivered.";

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_text_reasoning_finish_reason_usage_and_cost(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithReasoning("Well, hm.").WithUsage(prompt: 1000, completion: 200, cached: 300, reasoning: 50));

        var answer = await ResultAsync("plain", streaming);

        AssertSeen(
            $$"""
            { "id": "{{(await Gateway.Ledger.SingleAsync()).Id}}", "model": "acme/small", "provider": "first", "text": "Hello, wörld 🙂", "reasoning": "Well, hm.",
              "finish": "{{Finish.Complete}}", "calls": [], "cost": 0.000715,
              "usage": { "input": 1000, "cached": 300, "output": 200, "reasoning": 50, "total": 1200 } }
            """,
            answer, streaming);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_of_tools_goes_round_and_its_signed_reasoning_goes_back_as_it_came(bool streaming)
    {
        // Refuses a second turn whose reasoning lacks, or whose signature is not the one of the first.
        if (ReturnsReasoning(streaming))
            FirstScript.Enforce(StrictDialect.OpenRouter);
        FirstScript
            .Next(Reply.Text("Let me look.").WithReasoning("Where is it?").WithToolCall("weather", new { city = "Oslo" }, "call_a").WithToolCall("weather", new { city = "Łódź" }, "call_b").WithUsage(20, 10))
            .Next(Reply.Text("It rains.").WithUsage(40, 8));

        var turns = (await ResultAsync("tools", streaming)).AsArray();

        Assert.Equal(2, turns.Count);
        AssertSeen(
            $$"""
            { "id": "{{Gateway.Ledger.Records[0].Id}}", "model": "acme/small", "provider": "first", "text": "Let me look.", "reasoning": "Where is it?", "finish": "{{Finish.Calls}}",
              "calls": [ { "id": "call_a", "name": "weather", "arguments": { "city": "Oslo" } }, { "id": "call_b", "name": "weather", "arguments": { "city": "Łódź" } } ],
              "cost": 0.000025, "usage": { "input": 20, "cached": 0, "output": 10, "reasoning": 0, "total": 30 } }
            """,
            turns[0]!, streaming);
        AssertSeen(
            $$"""
            { "id": "{{Gateway.Ledger.Records[1].Id}}", "model": "acme/small", "provider": "first", "text": "It rains.", "finish": "{{Finish.Complete}}", "calls": [],
              "cost": 0.000032, "usage": { "input": 40, "cached": 0, "output": 8, "reasoning": 0, "total": 48 } }
            """,
            turns[1]!, streaming);

        var received = Json(First.Requests[1].Body.GetProperty("messages")).AsArray();
        var reasoned = received[1]!.AsObject();
        Assert.Equal(ReturnsReasoning(streaming), reasoned.Remove("reasoning_details"));
        reasoned.Remove("reasoning");
        HttpAnswer.AssertJson(
            """
            [ { "role": "user", "content": "Hi" },
              { "role": "assistant", "content": "Let me look.", "tool_calls": [
                { "id": "call_a", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Oslo\"}" } },
                { "id": "call_b", "type": "function", "function": { "name": "weather", "arguments": "{\"city\":\"Łódź\"}" } } ] },
              { "role": "tool", "tool_call_id": "call_a", "content": "It rains in Oslo." },
              { "role": "tool", "tool_call_id": "call_b", "content": "It rains in Łódź." } ]
            """,
            received);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_structured_answer_is_asked_for_and_parsed(bool streaming)
    {
        FirstScript.Answers("""{"degrees":-4}""");

        HttpAnswer.AssertJson("""{ "degrees": -4 }""", await ResultAsync("structured", streaming));

        var format = First.Requests.Single().Body.GetProperty("response_format");
        Assert.Equal("json_schema", format.GetProperty("type").GetString());
        HttpAnswer.AssertJson(
            """{ "degrees": { "type": "integer" } }""", Json(format.GetProperty("json_schema").GetProperty("schema").GetProperty("properties")));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Images_by_address_and_by_value_reach_the_provider(bool streaming)
    {
        FirstScript.Answers("A cat.");

        Assert.Equal("A cat.", (string?)await ResultAsync("image", streaming));

        var parts = Json(First.Requests.Single().Body.GetProperty("messages")[0].GetProperty("content"));
        foreach (var part in parts.AsArray().Skip(1))
            part!["image_url"]!.AsObject().Remove("detail");
        HttpAnswer.AssertJson(
            """
            [ { "type": "text", "text": "What is it?" }, { "type": "image_url", "image_url": { "url": "https://example.com/cat.png" } },
              { "type": "image_url", "image_url": { "url": "data:image/png;base64,iVBORw==" } } ]
            """,
            parts);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_is_asked_for_and_shown(bool streaming)
    {
        FirstScript.Always(Reply.Text("42").WithReasoning("Six times seven."));

        var reasoning = await AskAsync("reasoning", streaming);

        Assert.Equal(Hidden(streaming).Contains("reasoning") ? null : "Six times seven.", (string?)reasoning["result"]);
        Assert.Equal("low", First.Requests.Single().Body.GetProperty("reasoning_effort").GetString());
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wrong_key_and_an_unknown_model_are_the_clients_own_errors(bool streaming)
    {
        var refused = await ErrorAsync("plain", streaming, key: "sk-wrong-key");
        var unknown = await ErrorAsync("plain", streaming, model: "acme/smal");

        AssertError(401, "The key is not known here.", refused);
        AssertError(400, "'acme/smal' is not a model of the catalogue. Did you mean 'acme/small'?", unknown);
        Assert.Equal(0, First.RequestCount);
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_provider_and_fallback_are_down_the_error_says_who_said_what(bool streaming)
    {
        FirstScript.Always(Fault.Status(503, message: "Under repair."));
        SecondScript.Always(Fault.Status(502, message: "On fire."));

        AssertError(503, Down, await ErrorAsync("plain", streaming));

        Assert.Equal((1, 1), (First.RequestCount, Second.RequestCount));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rate_limit_tells_when_to_come_back(bool streaming)
    {
        FirstScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(30)));
        SecondScript.Always(Fault.RateLimited(TimeSpan.FromSeconds(12)));

        var limited = await ErrorAsync("plain", streaming);

        Assert.Equal((ErrorName(429), 429, "12"), ((string?)limited["name"], (int?)limited["status"], (string?)limited["wait"]));
    }

    [NodeFact]
    public async Task A_stream_that_breaks_after_content_is_an_error_of_the_client()
    {
        FirstScript.Always(Reply.Chunks(new string('a', 70), "two").CutAfter(1));
        SecondScript.Answers("something else");

        var seen = await AskAsync("plain", streaming: true);

        Assert.True(seen["error"] is not null, seen.ToJsonString());
        Assert.Contains(Broken, (string?)seen["error"]!["message"], StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task Leaving_in_the_middle_of_a_stream_closes_the_providers_connection_at_once()
    {
        FirstScript.Always(Reply.Chunks("one ", "two").StallAfter(1));

        var seen = await ResultAsync("leave", streaming: true);

        Assert.Equal(("one ", Left), ((string?)seen["read"], (string?)seen["left"]));
        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, Second.RequestCount);
    }

    private void AssertSeen(string expected, JsonNode seen, bool streaming)
    {
        var all = JsonNode.Parse(expected)!.AsObject();
        foreach (var name in Hidden(streaming))
            all.Remove(name);
        HttpAnswer.AssertJson(all.ToJsonString(), seen);
    }

    private void AssertError(int status, string message, JsonNode error) =>
        Assert.Equal((ErrorName(status), status, ErrorMessage(status, message)), ((string?)error["name"], (int?)error["status"], (string?)error["message"]));

    private static JsonNode Json(JsonElement element) => JsonNode.Parse(element.GetRawText())!;
}

using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @anthropic-ai/sdk in a real Node process, of which only the base URL and the key were changed.</summary>
public sealed class NpmAnthropicTests : GatewayTest, IClassFixture<NodePackages>
{
    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_is_answered_with_thinking_text_reason_and_usage(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello, wörld 🙂").WithReasoning("Hm.").WithUsage(prompt: 1000, completion: 200, cached: 300));

        var message = (await AskAsync("plain", streaming))["result"]!;

        HttpAnswer.AssertJson(
            """[ { "type": "thinking", "thinking": "Hm.", "signature": "" }, { "type": "text", "text": "Hello, wörld 🙂" } ]""", message["content"]!);
        Assert.Equal(
            ("end_turn", "acme/small", (await Gateway.Ledger.SingleAsync()).Id, 700, 300, 200),
            ((string?)message["stop_reason"], (string?)message["model"], (string?)message["id"], (int)message["usage"]!["input_tokens"]!,
                (int)message["usage"]!["cache_read_input_tokens"]!, (int)message["usage"]!["output_tokens"]!));
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_loop_of_tools_goes_round_and_ends(bool streaming)
    {
        FirstScript.Next(Reply.Text("Let me look.").WithToolCall("weather", new { city = "Łódź" }, "call_a")).Next(Reply.Text("Rain."));

        var turns = (await AskAsync("tools", streaming))["result"]!;

        Assert.Equal(["tool_use", "end_turn"], turns.AsArray().Select(turn => (string?)turn!["stop_reason"]));
        Assert.Equal("Łódź", (string?)turns[0]!["content"]![1]!["input"]!["city"]);
        Assert.Equal("It rains in Łódź.", First.Requests[1].Body.GetProperty("messages")[2].GetProperty("content").GetString());
    }

    [NodeFact]
    public async Task Tokens_are_counted() => Assert.Equal(5, (int)(await AskAsync("count", streaming: false))["result"]!["input_tokens"]!);

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_overload_is_the_error_it_is_at_Anthropic(bool streaming)
    {
        FirstScript.Always(Fault.Overloaded());
        SecondScript.Always(Fault.Overloaded());

        var error = (await AskAsync("plain", streaming))["error"]!;

        Assert.Equal(("OverloadedError", 529, "overloaded_error"), ((string?)error["name"], (int)error["status"]!, (string?)error["type"]));
        Assert.StartsWith("gen-", (string)error["requestID"]!, StringComparison.Ordinal);
    }

    [NodeFact]
    public async Task A_caller_who_aborts_closes_the_providers_connection()
    {
        FirstScript.Always(Reply.Chunks("one ", "two ", "three").StallAfter(2));

        var error = (await AskAsync("abort", streaming: true))["error"]!;

        Assert.True((bool)error["aborted"]!);
        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
    }

    private async Task<JsonNode> AskAsync(string scenario, bool streaming)
    {
        await using var process = new NodeProcess(scenario, streaming, Gateway.Address, Key, "messages.mjs");
        return await process.SeenAsync();
    }
}

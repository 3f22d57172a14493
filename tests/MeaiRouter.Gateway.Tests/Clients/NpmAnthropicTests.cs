using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @anthropic-ai/sdk.</summary>
public sealed class NpmAnthropicTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "anthropic.mjs";

    protected override Uri BaseUrl => Gateway.Address;

    protected override (string Complete, string Calls) Finish => ("end_turn", "tool_use");

    protected override string? Left => null;

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_is_a_block_before_the_text(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello").WithReasoning("Hm."));

        HttpAnswer.AssertJson(
            """[ { "type": "thinking", "thinking": "Hm.", "signature": "" }, { "type": "text", "text": "Hello" } ]""", await ResultAsync("blocks", streaming));
    }

    [NodeFact]
    public async Task Tokens_are_counted() => Assert.Equal(5, (int)await ResultAsync("count"));

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_overload_is_the_error_it_is_at_Anthropic(bool streaming)
    {
        FirstScript.Always(Fault.Overloaded());
        SecondScript.Always(Fault.Overloaded());

        var error = await ErrorAsync("plain", streaming);

        Assert.Equal(("OverloadedError", 529, "overloaded_error"), ((string?)error["name"], (int?)error["status"], (string?)error["type"]));
        Assert.StartsWith("gen-", (string?)error["request"], StringComparison.Ordinal);
    }

    // Of the usage that ends a stream the client keeps the fields it knows.
    protected override IReadOnlyList<string> Hidden(bool streaming) => streaming ? ["cost"] : [];

    protected override string ErrorName(int status) => status == 503 ? "ServiceUnavailableError" : OpenAIErrors.Name(status);
}

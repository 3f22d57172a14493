namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses API of npm's @langchain/openai.</summary>
public sealed class NpmLangChainResponsesTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "langchain.mjs";

    protected override string Argument => "responses";

    protected override (string Complete, string Calls) Finish => ("completed", "completed");

    protected override string? Left => "DOMException";

    // It passes over the events "error" and "response.failed", OpenAI's own too: only what ends an answer is missing.
    protected override string Broken => "The answer has no end.";

    // Of a stream it keeps summaries of reasoning only, and of a whole answer what OpenAI reports as usage.
    protected override IReadOnlyList<string> Hidden(bool streaming) => streaming ? ["provider", "reasoning"] : ["provider", "cost"];

    protected override string ErrorName(int status) => OpenAIErrors.Name(status);

    protected override string ErrorMessage(int status, string message) => $"{status} {message}";
}

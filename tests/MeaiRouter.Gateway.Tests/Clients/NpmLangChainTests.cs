namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>Chat completions of npm's @langchain/openai, which hands out no reasoning but OpenAI's own, and that only of the Responses API.</summary>
public sealed class NpmLangChainTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "langchain.mjs";

    protected override string? Left => "DOMException";

    protected override bool ReturnsReasoning(bool streaming) => false;

    protected override IReadOnlyList<string> Hidden(bool streaming) => ["provider", "reasoning"];

    protected override string ErrorName(int status) => OpenAIErrors.Name(status);

    protected override string ErrorMessage(int status, string message) => $"{status} {message}";
}

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses API of npm's @langchain/openai.</summary>
public sealed class NpmLangChainResponsesTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "langchain.mjs";

    protected override string Argument => "responses";

    protected override (string Complete, string Calls) Finish => ("completed", "completed");

    protected override IReadOnlyList<string> Hidden => ["provider"];

    protected override string? Left => "Error";

    protected override string ErrorName(int status) => OpenAIErrors.Name(status);

    protected override string ErrorMessage(int status, string message) => $"{status} {message}";
}

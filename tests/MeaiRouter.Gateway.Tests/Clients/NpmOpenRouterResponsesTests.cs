namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>The Responses API of npm's official @openrouter/sdk, whose parser knows every event and item by its fields.</summary>
public sealed class NpmOpenRouterResponsesTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "openrouter-responses.mjs";

    protected override Uri BaseUrl => new(Gateway.Address, "/api/v1");

    protected override (string Complete, string Calls) Finish => ("completed", "completed");

    protected override string? Left => "DOMException";

    protected override IReadOnlyList<string> Hidden(bool streaming) => ["provider"];

    protected override string ErrorName(int status) => OpenRouterErrors.Name(status);
}

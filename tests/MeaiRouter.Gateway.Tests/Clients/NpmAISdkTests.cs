namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's ai through @openrouter/ai-sdk-provider.</summary>
public sealed class NpmAISdkTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "ai-sdk.mjs";

    protected override Uri BaseUrl => new(Gateway.Address, "/api/v1");

    protected override (string Complete, string Calls) Finish => ("stop", "tool-calls");

    protected override string? Left => "onAbort";

    protected override string ErrorName(int status) => "AI_APICallError";
}

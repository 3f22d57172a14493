using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @openrouter/sdk, which refuses every answer that OpenRouter's own description does not allow.</summary>
public sealed class NpmOpenRouterTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    protected override string Script => "openrouter.mjs";

    protected override Uri BaseUrl => new(Gateway.Address, "/api/v1");

    protected override string? Left => "DOMException";

    [NodeFact]
    public async Task Models_endpoints_and_providers_are_listed()
    {
        HttpAnswer.AssertJson(
            """
            { "models": [ { "id": "acme/small", "name": "Acme Small", "contextLength": 131072 } ], "model": "acme/small", "count": 1,
              "endpoints": [ { "providerName": "first", "prompt": "0.0000005" }, { "providerName": "second", "prompt": "1" } ],
              "zdr": [], "providers": ["first", "second"] }
            """,
            await ResultAsync("listings"));
    }

    [NodeFact]
    public async Task The_route_is_told_in_OpenRouters_words()
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("Hello");

        HttpAnswer.AssertJson(
            """
            { "requested": "acme/small", "strategy": "direct", "region": null, "summary": "available=2, selected=second", "attempt": 2, "isByok": false,
              "endpoints": { "total": 2, "available": [ { "provider": "first", "model": "acme/small", "selected": false }, { "provider": "second", "model": "acme/small", "selected": true } ] },
              "attempts": [ { "provider": "first", "model": "acme/small", "status": 503 }, { "provider": "second", "model": "acme/small", "status": 200 } ], "params": {}, "pipeline": [] }
            """,
            await ResultAsync("metadata"));
    }

    protected override IReadOnlyList<string> Hidden(bool streaming) => ["provider"];

    protected override string ErrorName(int status) => OpenRouterErrors.Name(status);
}

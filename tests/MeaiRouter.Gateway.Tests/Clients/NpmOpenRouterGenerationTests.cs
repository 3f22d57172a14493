using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Accounts;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @openrouter/sdk before a gateway with a ledger.</summary>
public sealed class NpmOpenRouterGenerationTests(NodeScripts scripts) : AccountTest, IClassFixture<NodeScripts>
{
    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_generation_is_looked_up_by_the_id_of_its_answer(bool streaming)
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(Ledger);

        var seen = await scripts.AskAsync(
            "openrouter.mjs", "",
            new JsonObject { ["scenario"] = "generation", ["streaming"] = streaming, ["baseUrl"] = new Uri(gateway.Address, "/api/v1").ToString(), ["key"] = Key, ["model"] = Model });

        HttpAnswer.AssertJson(
            """{ "result": { "same": true, "model": "acme/small", "cost": 0.00035, "input": 100, "output": 200, "finish": "stop" } }""", seen);
    }
}

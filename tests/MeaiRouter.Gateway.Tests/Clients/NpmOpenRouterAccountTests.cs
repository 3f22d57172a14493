using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Accounts;
using MeaiRouter.Gateway.Tests.Hosting;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @openrouter/sdk before a gateway with a ledger: what it is told about keys, answers and spending must be in OpenRouter's shapes.</summary>
public sealed class NpmOpenRouterAccountTests(NodeScripts scripts) : AccountTest, IClassFixture<NodeScripts>
{
    private const string OwnerKey = "sk-caller-of-team-b";
    private const string Unpriced = "acme/unpriced";

    private string KeyRing => Path.Combine(Path.GetDirectoryName(DatabasePath)!, "ring");

    // team-b brings its own key of the provider; the model without a price is one whose cost nobody knows.
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["MeaiRouter:Gateway:Keys:1:Name"] = "team-b",
        ["MeaiRouter:Gateway:Keys:1:Key"] = OwnerKey,
        ["MeaiRouter:Gateway:Keys:1:ProviderKeys:first"] = "key-of-team-b",
        ["MeaiRouter:Budgets:0:Scope"] = "global",
        ["MeaiRouter:Budgets:0:LimitUsd"] = "20",
        [$"MeaiRouter:Models:{Unpriced}:Endpoints:0:Provider"] = "first",
        [$"MeaiRouter:Models:{Unpriced}:Endpoints:0:Model"] = "small-1",
    };

    [NodeTheory]
    [InlineData(false, Model, "0.00035")]
    [InlineData(true, Model, "0.00035")]
    [InlineData(false, Unpriced, "0")]
    [InlineData(true, Unpriced, "0")]
    public async Task A_generation_is_looked_up_by_the_id_of_its_answer(bool streaming, string model, string cost)
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(Ledger, ("MeaiRouter:Budgets:0:Scope", null), ("MeaiRouter:Budgets:0:LimitUsd", null));

        HttpAnswer.AssertJson(
            $$"""{ "same": true, "model": "{{model}}", "cost": {{cost}}, "input": 100, "output": 200, "finish": "stop" }""",
            await AskAsync(gateway.Address, "generation", streaming, Key, model));
    }

    [NodeFact]
    public async Task A_key_and_its_spending_are_managed_through_the_real_gateway()
    {
        First.RequireKey("key-of-first", "key-of-team-b");
        FirstScript.Always(Answer);
        var settings = Configuration();
        foreach (var (key, value) in Settings.Append(KeyValuePair.Create(Ledger.Item1, Ledger.Item2)).Append(KeyValuePair.Create("MeaiRouter:Gateway:KeyRing", (string?)KeyRing)))
            settings[key] = value;
        using var file = TemporaryFile.Of(settings);
        await using var sample = new SampleProcess("--urls", "http://127.0.0.1:0", "--config", file.Path);
        var address = await sample.ListeningAsync();

        HttpAnswer.AssertJson(
            """
            { "own": { "label": true, "limit": 5, "limitRemaining": 4.99965, "limitReset": "monthly", "usage": 0.00035, "byokUsage": 0, "regions": ["global"], "rate": -1,
                "free": { "used": 0, "limit": -1, "remaining": -1 } },
              "management": true,
              "keys": [
                { "name": "team-a", "disabled": false, "usage": 0, "byokUsage": 0, "limit": null }, { "name": "team-b", "disabled": false, "usage": 0, "byokUsage": 0.00035, "limit": null },
                { "name": "team-c", "disabled": false, "usage": 0.00035, "byokUsage": 0, "limit": 5 } ],
              "read": { "name": "team-c", "disabled": false, "usage": 0.00035, "byokUsage": 0, "limit": 5 },
              "changed": { "name": "team-c", "disabled": true, "usage": 0.00035, "byokUsage": 0, "limit": null },
              "deleted": true, "byok": ["first", false, false], "byoks": 1, "gone": true, "generation": 0.00035, "feedback": true,
              "activity": [ { "model": "acme/small", "providerName": "first", "usage": 0.00035, "byokUsageInference": 0.00035, "requests": 2 } ],
              "credits": { "data": { "totalCredits": 20, "totalUsage": 0.00035 } } }
            """,
            await AskAsync(address, "accounts", streaming: false, OwnerKey, Model));
        Assert.Equal("Hello there", (string?)await AskAsync(address, "pkce", streaming: false, Key, Model));
    }

    private async Task<JsonNode> AskAsync(Uri address, string scenario, bool streaming, string key, string model)
    {
        var seen = await scripts.AskAsync("openrouter.mjs", "", new JsonObject
        {
            ["scenario"] = scenario, ["streaming"] = streaming, ["baseUrl"] = new Uri(address, "/api/v1").ToString(), ["key"] = key, ["adminKey"] = AdminKey,
            ["model"] = model, ["provider"] = "first",
        });
        Assert.True(seen.ContainsKey("result"), seen.ToJsonString());
        return seen["result"]!;
    }
}

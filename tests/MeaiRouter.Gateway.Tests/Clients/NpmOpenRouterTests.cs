using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>npm's official @openrouter/sdk, which refuses every answer that OpenRouter's own description does not allow.</summary>
public sealed class NpmOpenRouterTests(NodeScripts scripts) : ClientMatrix(scripts)
{
    private const string ManagementKey = "sk-management-0123456789";

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["MeaiRouter:Gateway:AdminKey"] = ManagementKey };

    protected override string Script => "openrouter.mjs";

    protected override Uri BaseUrl => new(Gateway.Address, "/api/v1");

    protected override IReadOnlyList<string> Hidden => ["provider"];

    protected override string? Left => "DOMException";

    [NodeFact]
    public async Task Models_endpoints_providers_and_the_own_key_are_listed()
    {
        HttpAnswer.AssertJson(
            """
            { "models": [ { "id": "acme/small", "name": "Acme Small", "contextLength": 131072 } ], "model": "acme/small", "count": 1,
              "endpoints": [ { "providerName": "first", "prompt": "0.0000005" }, { "providerName": "second", "prompt": "1" } ],
              "zdr": [], "providers": ["first", "second"], "key": "team-a" }
            """,
            await ResultAsync("listings"));
    }

    [NodeFact]
    public async Task Keys_are_made_changed_and_deleted_and_accounts_are_read()
    {
        HttpAnswer.AssertJson(
            """
            { "made": true, "changed": { "name": "renamed", "disabled": true, "limit": 5 }, "read": "renamed", "listed": ["renamed"], "deleted": true }
            """,
            await ResultAsync("accounts", key: ManagementKey), "credits", "activity");
    }

    [NodeTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_generation_is_looked_up_by_the_id_of_its_answer(bool streaming)
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(prompt: 1000, completion: 200));

        HttpAnswer.AssertJson(
            """{ "same": true, "model": "acme/small", "cost": 0.0008, "input": 1000, "output": 200, "finish": "stop" }""", await ResultAsync("generation", streaming));
    }

    [NodeFact]
    public async Task The_route_is_told_in_OpenRouters_words()
    {
        FirstScript.Always(Fault.Unavailable());
        SecondScript.Answers("Hello");

        HttpAnswer.AssertJson("""{ }""", await ResultAsync("metadata"));
    }

    protected override string ErrorName(int status) => OpenRouterErrors.Name(status);
}

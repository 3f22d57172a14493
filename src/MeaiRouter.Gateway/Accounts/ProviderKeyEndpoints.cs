using System.Text.Json.Nodes;
using MeaiRouter.Endpoints;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ProviderKeys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Accounts;

/// <summary><c>/byok</c>: what the management key can do with the keys of providers that callers bring.</summary>
internal sealed class ProviderKeyEndpoints(OwnedKeys keys, IChatClient router)
{
    private const string Vanishing = "This key is kept in memory and will be gone when the process ends. Set MeaiRouter:Gateway:Ledger to keep keys.";

    private IReadOnlyList<string> Providers => ((EndpointChatClient?)router.GetService(typeof(EndpointChatClient)))?.Providers ?? [];

    public Task ListAsync(HttpContext http, Caller caller) =>
        AccountBody.WriteAsync(http, new JsonObject { ["data"] = new JsonArray([.. keys.All.Select(OwnedKeyFields.Write)]), ["total_count"] = keys.All.Count });

    public async Task CreateAsync(HttpContext http, Caller caller)
    {
        var (asked, secret) = OwnedKeyFields.Create(await AccountBody.ReadAsync(http), Providers);
        var body = new JsonObject { ["data"] = OwnedKeyFields.Write(await keys.AddAsync(asked, secret, http.RequestAborted)) };
        if (!keys.AreKept)
            body["note"] = Vanishing;
        await AccountBody.WriteAsync(http, body, StatusCodes.Status201Created);
    }

    public Task ReadAsync(HttpContext http, Caller caller) => AccountBody.WriteDataAsync(http, OwnedKeyFields.Write(keys.Find(Id(http))));

    public async Task ChangeAsync(HttpContext http, Caller caller)
    {
        var body = await AccountBody.ReadAsync(http);
        var changed = await keys.ChangeAsync(Id(http), key => OwnedKeyFields.Change(key, body), OwnedKeyFields.NewSecret(body), http.RequestAborted);
        await AccountBody.WriteDataAsync(http, OwnedKeyFields.Write(changed));
    }

    public async Task DeleteAsync(HttpContext http, Caller caller) =>
        await AccountBody.WriteAsync(http, new JsonObject { ["deleted"] = await keys.DeleteAsync(Id(http), http.RequestAborted) });

    private static string Id(HttpContext http) => (string)http.Request.RouteValues["id"]!;
}

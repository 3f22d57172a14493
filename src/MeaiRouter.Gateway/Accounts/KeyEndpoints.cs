using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary><c>/keys</c>: what the management key can do with keys; and <c>/key</c>: what a key is told about itself.</summary>
internal sealed class KeyEndpoints(GatewayKeys keys, KeyAccounts accounts, KeyView view, TimeProvider time)
{
    private const int Page = 100;
    private const int LongestOverlap = 30 * 24 * 60 * 60;
    private const string Vanishing = "This key is kept in memory and will be gone when the process ends. Set MeaiRouter:Gateway:Ledger to keep keys.";

    public async Task OwnAsync(HttpContext http, Caller caller)
    {
        if (caller.IsManagement)
            await AccountBody.WriteDataAsync(http, KeyView.Management());
        else
            await AccountBody.WriteDataAsync(http, await view.OwnAsync(caller.Key ?? throw GatewayException.NotFound("This gateway has no keys, so there is nothing to tell about yours."), http.RequestAborted));
    }

    public async Task ListAsync(HttpContext http, Caller caller)
    {
        var query = http.Request.Query;
        var offset = 0;
        if (query["offset"].ToString() is { Length: > 0 } text && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out offset))
            throw GatewayException.Invalid($"'offset' is '{text}'; it must be a whole number of at least 0.");
        var withDisabled = string.Equals(query["include_disabled"].ToString(), "true", StringComparison.OrdinalIgnoreCase);

        var page = keys.Table.Keys.Where(key => withDisabled || !key.Disabled).OrderBy(key => key.Name, StringComparer.OrdinalIgnoreCase).Skip(offset).Take(Page).ToList();
        await AccountBody.WriteDataAsync(http, await view.AllAsync(page, http.RequestAborted));
    }

    public async Task CreateAsync(HttpContext http, Caller caller)
    {
        var asked = KeyFields.Create(await AccountBody.ReadAsync(http), time.GetUtcNow());
        var (key, secret) = await accounts.CreateAsync(asked, http.RequestAborted);
        await ShowOnceAsync(http, key, secret, StatusCodes.Status201Created);
    }

    public async Task ReadAsync(HttpContext http, Caller caller) => await ShowAsync(http, accounts.Find(Hash(http)));

    public async Task ChangeAsync(HttpContext http, Caller caller)
    {
        var body = await AccountBody.ReadAsync(http);
        var now = time.GetUtcNow();
        await ShowAsync(http, await accounts.ChangeAsync(Hash(http), key => KeyFields.Change(key, body, now), http.RequestAborted));
    }

    public async Task RotateAsync(HttpContext http, Caller caller)
    {
        var overlap = Overlap(await AccountBody.ReadAsync(http));
        var (key, secret) = await accounts.RotateAsync(Hash(http), overlap, http.RequestAborted);
        await ShowOnceAsync(http, key, secret, StatusCodes.Status200OK);
    }

    public async Task DeleteAsync(HttpContext http, Caller caller) =>
        await AccountBody.WriteAsync(http, new JsonObject { ["deleted"] = await accounts.DeleteAsync(Hash(http), http.RequestAborted) });

    private async Task ShowAsync(HttpContext http, GatewayKey key) =>
        await AccountBody.WriteAsync(http, new JsonObject { ["data"] = await ItemAsync(http, key) });

    private async Task ShowOnceAsync(HttpContext http, GatewayKey key, string secret, int status)
    {
        var body = new JsonObject { ["data"] = await ItemAsync(http, key), ["key"] = secret };
        if (!accounts.AreKept)
            body["note"] = Vanishing;
        await AccountBody.WriteAsync(http, body, status);
    }

    private async Task<JsonNode> ItemAsync(HttpContext http, GatewayKey key)
    {
        var items = await view.AllAsync([key], http.RequestAborted);
        var item = items[0]!;
        items.Clear();
        return item;
    }

    private static TimeSpan Overlap(JsonElement body)
    {
        foreach (var field in body.EnumerateObject())
        {
            if (field.Name != "overlap_seconds")
                throw GatewayException.Invalid($"'{field.Name}' is not a field of a rotation. It has 'overlap_seconds'.");
        }

        if (!body.TryGetProperty("overlap_seconds", out var value) || value.ValueKind == JsonValueKind.Null)
            return TimeSpan.Zero;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is >= 0 and <= LongestOverlap
            ? TimeSpan.FromSeconds(seconds)
            : throw ProviderObject.Wrong("overlap_seconds", value, $"a whole number from 0 to {LongestOverlap}");
    }

    private static string Hash(HttpContext http) => (string)http.Request.RouteValues["hash"]!;
}

using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Policies;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Writes keys in OpenRouter's shape, and beside it what OpenRouter has no field for. What is not known is null, never 0.</summary>
/// <remarks>What does not exist here has OpenRouter's value for "none" where its strict clients take no null.</remarks>
internal sealed class KeyView(KeyBudgets budgets, AccountReports reports, TimeProvider time)
{
    // OpenRouter: "Will always return -1", its way to say that there is no limit.
    private const int Unlimited = -1;

    // A key of the configuration has no date of its own: it holds since the process began.
    private readonly DateTimeOffset _began = time.GetUtcNow();

    /// <summary>The management key, which asks no model and so spends nothing.</summary>
    public static JsonObject Management()
    {
        var data = new JsonObject { ["label"] = "management", ["limit"] = null, ["limit_remaining"] = null, ["limit_reset"] = null, ["include_byok_in_limit"] = false };
        foreach (var kind in (ReadOnlySpan<string>)["usage", "byok_usage"])
        {
            foreach (var time in (ReadOnlySpan<string>)["", "_daily", "_weekly", "_monthly"])
                data[kind + time] = 0;
        }

        AddRights(data, isManagement: true);
        data["expires_at"] = null;
        data["rate_limit"] = RateLimit(null, null);
        return data;
    }

    /// <summary>The key as its owner sees it, <c>GET /key</c>.</summary>
    public async Task<JsonObject> OwnAsync(GatewayKey key, CancellationToken cancellationToken) =>
        await OwnAsync(key, await KeyUsage.OfAsync(reports, key.Name, time.GetUtcNow(), cancellationToken), cancellationToken);

    /// <summary>The keys as the management key sees them, <c>GET /keys</c>.</summary>
    public async Task<JsonArray> AllAsync(IReadOnlyList<GatewayKey> keys, CancellationToken cancellationToken)
    {
        var usage = keys.Count == 0 ? null : await KeyUsage.OfAsync(reports, keys.Count == 1 ? keys[0].Name : null, time.GetUtcNow(), cancellationToken);
        var array = new JsonArray();
        foreach (var key in keys)
        {
            var item = await OwnAsync(key, usage, cancellationToken);
            item["hash"] = key.Hash;
            item["name"] = key.Name;
            item["disabled"] = key.Disabled;
            item["created_at"] = (key.CreatedAt ?? _began).UtcDateTime;
            item["updated_at"] = key.UpdatedAt?.UtcDateTime;
            item["external_user"] = null;
            item["workspace_id"] = "";
            item["source"] = key.IsConfigured ? "configuration" : "api";
            item["policy"] = PolicyOf(key.Policy);
            item["metadata"] = new JsonObject(key.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
            item["previous_secrets"] = new JsonArray([.. key.Secrets
                .Where(secret => secret.ExpiresAt > time.GetUtcNow())
                .Select(secret => new JsonObject { ["expires_at"] = secret.ExpiresAt!.Value.UtcDateTime })]);
            array.Add((JsonNode)item);
        }

        return array;
    }

    private async Task<JsonObject> OwnAsync(GatewayKey key, KeyUsage? usage, CancellationToken cancellationToken)
    {
        var balance = await budgets.BalanceAsync(key, cancellationToken);
        var data = new JsonObject
        {
            ["label"] = key.Label,
            ["limit"] = key.LimitUsd,
            ["limit_remaining"] = balance?.Limit is { } limit ? Math.Max(0, (limit - balance.Spent).ToUsd()) : null,
            ["limit_reserved"] = balance?.Reserved.ToUsd(),
            ["limit_reset"] = key.LimitReset == LimitReset.None ? null : key.LimitReset.ToString().ToLowerInvariant(),
            ["limit_resets_at"] = balance?.ResetsAt?.UtcDateTime,
            ["include_byok_in_limit"] = false,
            ["usage"] = usage?.Ever(key.Name).Cost,
            ["usage_daily"] = usage?.Today(key.Name).Cost,
            ["usage_weekly"] = usage?.ThisWeek(key.Name).Cost,
            ["usage_monthly"] = usage?.ThisMonth(key.Name).Cost,
            ["byok_usage"] = usage?.Ever(key.Name).Upstream,
            ["byok_usage_daily"] = usage?.Today(key.Name).Upstream,
            ["byok_usage_weekly"] = usage?.ThisWeek(key.Name).Upstream,
            ["byok_usage_monthly"] = usage?.ThisMonth(key.Name).Upstream,
            ["expires_at"] = key.ExpiresAt?.UtcDateTime,
            ["rate_limit"] = RateLimit(key.RequestsPerMinute, key.TokensPerMinute),
        };
        AddRights(data, isManagement: false);
        if (key.Policy is { Regions.Count: > 0 } policy)
            data["allowed_data_regions"] = Strings(policy.Regions);
        return data;
    }

    private static void AddRights(JsonObject data, bool isManagement)
    {
        data["is_free_tier"] = false;
        data["is_management_key"] = isManagement;
        data["is_provisioning_key"] = isManagement;
        data["creator_user_id"] = null;
        data["organization_id"] = null;
        data["workspace_id"] = null;
        data["allowed_data_regions"] = new JsonArray("global");

        // Free models are not counted here.
        data["free_model_daily_requests"] = new JsonObject { ["used"] = 0, ["limit"] = Unlimited, ["remaining"] = Unlimited };
    }

    private static JsonObject RateLimit(int? requests, int? tokens) => new()
    {
        ["interval"] = "1m",
        ["requests"] = requests ?? Unlimited,
        ["tokens"] = tokens ?? Unlimited,
        ["note"] = "Requests and tokens a minute; -1 is no limit.",
    };

    private static JsonObject? PolicyOf(RoutingPolicy? policy) => policy is null ? null : new JsonObject
    {
        ["zdr"] = policy.ZeroDataRetention,
        ["data_collection"] = policy.DataCollection.ToString().ToLowerInvariant(),
        ["allowed_models"] = Strings(policy.AllowedModels),
        ["ignored_models"] = Strings(policy.IgnoredModels),
        ["allowed_providers"] = Strings(policy.AllowedProviders),
        ["ignored_providers"] = Strings(policy.IgnoredProviders),
        ["max_price"] = policy.MaxPrice is not { } most ? null : new JsonObject
        {
            ["prompt"] = most.Prompt,
            ["completion"] = most.Completion,
            ["request"] = most.Request,
            ["image"] = most.Image,
            ["audio"] = most.Audio,
        },
        ["regions"] = Strings(policy.Regions),
    };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);
}

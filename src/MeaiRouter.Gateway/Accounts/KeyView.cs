using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Policies;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Writes keys in OpenRouter's shape, and beside it what OpenRouter has no field for. What is not known is null, never 0.</summary>
internal sealed class KeyView(KeyBudgets budgets, AccountReports reports, TimeProvider time)
{
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
            item["created_at"] = key.CreatedAt?.UtcDateTime;
            item["updated_at"] = key.UpdatedAt?.UtcDateTime;
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
        return new JsonObject
        {
            ["label"] = key.Label,
            ["limit"] = key.LimitUsd,
            ["limit_remaining"] = balance?.Limit is { } limit ? Math.Max(0, (limit - balance.Spent).ToUsd()) : null,
            ["limit_reserved"] = balance?.Reserved.ToUsd(),
            ["limit_reset"] = key.LimitReset == LimitReset.None ? null : key.LimitReset.ToString().ToLowerInvariant(),
            ["limit_resets_at"] = balance?.ResetsAt?.UtcDateTime,
            ["include_byok_in_limit"] = false,
            ["usage"] = usage?.Ever(key.Name),
            ["usage_daily"] = usage?.Today(key.Name),
            ["usage_weekly"] = usage?.ThisWeek(key.Name),
            ["usage_monthly"] = usage?.ThisMonth(key.Name),
            ["byok_usage"] = null,
            ["byok_usage_daily"] = null,
            ["byok_usage_weekly"] = null,
            ["byok_usage_monthly"] = null,
            ["is_free_tier"] = false,
            ["is_management_key"] = false,
            ["is_provisioning_key"] = false,
            ["expires_at"] = key.ExpiresAt?.UtcDateTime,
            ["creator_user_id"] = null,
            ["rate_limit"] = new JsonObject
            {
                ["interval"] = "1m",
                ["requests"] = key.RequestsPerMinute,
                ["tokens"] = key.TokensPerMinute,
            },
        };
    }

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

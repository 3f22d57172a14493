using System.Globalization;
using System.Text.Json;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Policies;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Reads the fields of a key from the body of <c>POST</c> and <c>PATCH /keys</c>: what it does not know it refuses by name.</summary>
internal static class KeyFields
{
    private const int LongestName = 100;
    private const int MostMetadata = 16;
    private const decimal MostUsd = 1_000_000;

    private static readonly string[] Fields =
    [
        "name", "limit", "limit_reset", "include_byok_in_limit", "expires_at", "disabled", "requests_per_minute", "tokens_per_minute", "policy", "metadata",
    ];

    private static readonly string[] PolicyFields =
    [
        "zdr", "data_collection", "allowed_models", "ignored_models", "allowed_providers", "ignored_providers", "max_price", "regions",
    ];

    /// <summary>The key that a body describes.</summary>
    public static GatewayKey Create(JsonElement body, DateTimeOffset now)
    {
        if (!body.TryGetProperty("name", out var name))
            throw GatewayException.Invalid("'name' is missing. Give the key a name of its own.");
        return Change(new GatewayKey { Name = Name(name), Hash = "", Label = "", Secrets = [] }, body, now);
    }

    /// <summary>A key with the fields that a body has; null takes a limit away.</summary>
    public static GatewayKey Change(GatewayKey key, JsonElement body, DateTimeOffset now)
    {
        foreach (var field in body.EnumerateObject())
            key = Apply(key, field.Name, field.Value, now);
        return key.Policy is null ? key : key with { Policy = key.Policy with { Name = key.Name } };
    }

    private static GatewayKey Apply(GatewayKey key, string name, JsonElement value, DateTimeOffset now)
    {
        var isNull = value.ValueKind == JsonValueKind.Null;
        return name switch
        {
            "name" when Name(value) == key.Name => key,
            "name" => throw GatewayException.Invalid("'name' cannot be changed: budgets and reports are kept under it. Create another key."),
            "limit" => key with { LimitUsd = isNull ? null : Dollars(name, value) },
            "limit_reset" => key with { LimitReset = isNull ? LimitReset.None : Reset(value) },
            "include_byok_in_limit" when isNull || value.ValueKind == JsonValueKind.False => key,
            "include_byok_in_limit" => throw GatewayException.Invalid("'include_byok_in_limit' must be false: what providers charge to a caller's own keys counts against no limit here."),
            "expires_at" => key with { ExpiresAt = isNull ? null : Future(name, value, now) },
            "disabled" => key with { Disabled = ProviderObject.Boolean(name, value) },
            "requests_per_minute" => key with { RequestsPerMinute = isNull ? null : Count(name, value) },
            "tokens_per_minute" => key with { TokensPerMinute = isNull ? null : Count(name, value) },
            "policy" => key with { Policy = isNull ? null : Policy(value) },
            "metadata" => key with { Metadata = isNull ? new Dictionary<string, string>() : Metadata(value) },
            _ => throw GatewayException.Invalid($"'{name}' is not a field of a key.{NearestNames.Hint(name, Fields)}"),
        };
    }

    private static RoutingPolicy Policy(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw ProviderObject.Wrong("policy", value, "an object");

        var policy = new RoutingPolicy();
        foreach (var field in value.EnumerateObject())
        {
            var path = $"policy.{field.Name}";
            policy = field.Name switch
            {
                _ when field.Value.ValueKind == JsonValueKind.Null => policy,
                "zdr" => policy with { ZeroDataRetention = ProviderObject.Boolean(path, field.Value) },
                "data_collection" => policy with { DataCollection = ProviderObject.Collection(path, field.Value) },
                "allowed_models" => policy with { AllowedModels = ProviderObject.Strings(path, field.Value) },
                "ignored_models" => policy with { IgnoredModels = ProviderObject.Strings(path, field.Value) },
                "allowed_providers" => policy with { AllowedProviders = ProviderObject.Strings(path, field.Value) },
                "ignored_providers" => policy with { IgnoredProviders = ProviderObject.Strings(path, field.Value) },
                "max_price" => policy with { MaxPrice = ProviderObject.Ceiling(path, field.Value) },
                "regions" => policy with { Regions = ProviderObject.Strings(path, field.Value) },
                _ => throw GatewayException.Invalid($"'{path}' is not a field of 'policy'.{NearestNames.Hint(field.Name, PolicyFields)}"),
            };
        }

        return policy;
    }

    // As the name of a budget's scope it must not be the one that means each key.
    private static string Name(JsonElement value)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : "";
        return name is { Length: > 0 and <= LongestName } and not "*" && !name.Any(char.IsControl)
            ? name
            : throw GatewayException.Invalid($"'name' must be a string of 1 to {LongestName} characters, none of them a control character, and not '*'.");
    }

    private static decimal Dollars(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var usd) && usd is >= 0 and <= MostUsd
            ? usd
            : throw ProviderObject.Wrong(name, value, $"an amount of US dollars from 0 to {MostUsd:0}, or null for no limit");

    private static LimitReset Reset(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() switch
    {
        "daily" => LimitReset.Daily,
        "weekly" => LimitReset.Weekly,
        "monthly" => LimitReset.Monthly,
        _ => throw ProviderObject.Wrong("limit_reset", value, "'daily', 'weekly', 'monthly' or null"),
    }
    : throw ProviderObject.Wrong("limit_reset", value, "'daily', 'weekly', 'monthly' or null");

    private static DateTimeOffset Future(string name, JsonElement value, DateTimeOffset now)
    {
        var isMoment = DateTimeOffset.TryParse(
            value.ValueKind == JsonValueKind.String ? value.GetString() : null, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment);
        return isMoment && moment > now
            ? moment
            : throw ProviderObject.Wrong(name, value, "a moment in the future, such as 2027-12-31T23:59:59Z, or null");
    }

    private static int Count(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count > 0
            ? count
            : throw ProviderObject.Wrong(name, value, "a whole number of at least 1, or null");

    private static Dictionary<string, string> Metadata(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(field => field.Value.ValueKind != JsonValueKind.String) || value.EnumerateObject().Count() > MostMetadata)
            throw GatewayException.Invalid($"'metadata' must be an object of at most {MostMetadata} strings.");

        var metadata = new Dictionary<string, string>();
        foreach (var field in value.EnumerateObject())
            metadata[field.Name] = field.Value.GetString()!;
        return metadata;
    }
}

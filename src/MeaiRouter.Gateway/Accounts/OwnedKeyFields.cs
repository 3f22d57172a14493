using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Catalog;
using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.ProviderKeys;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Reads and writes a provider's key in OpenRouter's fields: what is not known is refused by name.</summary>
internal static class OwnedKeyFields
{
    private const int LongestName = 100;
    private const int MostEntries = 100;
    private const int LabelBeginning = 6;
    private const int LabelEnd = 3;

    // A shorter key would be given away by its label.
    private const int ShortestSecret = 16;

    private static readonly string[] Fields =
    [
        "provider", "key", "name", "disabled", "is_fallback", "always_use", "sort_order", "allowed_models", "allowed_user_ids", "allowed_api_key_hashes",
    ];

    /// <summary>The key that a body describes, and its secret.</summary>
    public static (OwnedKey Key, string Secret) Create(JsonElement body, IReadOnlyList<string> providers)
    {
        var provider = Provider(Required(body, "provider"), providers);
        var secret = Secret(Required(body, "key"));
        var key = new OwnedKey { Id = "", Provider = provider, Name = $"{provider}'s", Label = LabelOf(secret), Protected = "" };
        return (Apply(key, body), secret);
    }

    /// <summary>A key with the fields that a body has.</summary>
    public static OwnedKey Change(OwnedKey key, JsonElement body)
    {
        if (body.TryGetProperty("provider", out _))
            throw GatewayException.Invalid("'provider' cannot be changed. Leave another key here.");
        return Apply(NewSecret(body) is { } secret ? key with { Label = LabelOf(secret) } : key, body);
    }

    /// <summary>The secret that a change brings; <see langword="null"/> if it brings none.</summary>
    public static string? NewSecret(JsonElement body) => body.TryGetProperty("key", out var secret) ? Secret(secret) : null;

    public static JsonObject Write(OwnedKey key) => new()
    {
        ["id"] = key.Id,
        ["provider"] = key.Provider,
        ["name"] = key.Name,
        ["label"] = key.Label,
        ["disabled"] = key.Disabled,
        ["is_readable"] = key.Opened is not null,
        ["is_fallback"] = key.Use == ProviderKeyUse.Fallback,
        ["is_required"] = key.Use == ProviderKeyUse.Always,
        ["is_byok_only"] = key.Use == ProviderKeyUse.Always && key.AllowedModels.Count == 0,
        ["always_use"] = key.Use == ProviderKeyUse.Always,
        ["sort_order"] = key.SortOrder,
        ["allowed_models"] = Allowed(key.AllowedModels),
        ["allowed_user_ids"] = Allowed(key.AllowedUsers),
        ["allowed_api_key_hashes"] = Allowed(key.AllowedKeys),
        ["declared_zdr"] = null,
        ["workspace_id"] = null,
        ["created_at"] = key.CreatedAt.UtcDateTime,
        ["updated_at"] = key.UpdatedAt.UtcDateTime,
    };

    private static OwnedKey Apply(OwnedKey key, JsonElement body)
    {
        var (isFallback, always) = (key.Use == ProviderKeyUse.Fallback, key.Use == ProviderKeyUse.Always);
        foreach (var field in body.EnumerateObject())
        {
            var value = field.Value;
            var isNull = value.ValueKind == JsonValueKind.Null;
            switch (field.Name)
            {
                case "provider" or "key":
                    break;
                case "name":
                    key = key with { Name = Name(value) };
                    break;
                case "disabled":
                    key = key with { Disabled = ProviderObject.Boolean(field.Name, value) };
                    break;
                case "is_fallback":
                    isFallback = ProviderObject.Boolean(field.Name, value);
                    break;
                case "always_use":
                    always = ProviderObject.Boolean(field.Name, value);
                    break;
                case "sort_order":
                    key = key with { SortOrder = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var order) ? order : throw ProviderObject.Wrong(field.Name, value, "a whole number") };
                    break;
                case "allowed_models":
                    key = key with { AllowedModels = isNull ? [] : Entries(field.Name, value) };
                    break;
                case "allowed_user_ids":
                    key = key with { AllowedUsers = isNull ? [] : Entries(field.Name, value) };
                    break;
                case "allowed_api_key_hashes":
                    key = key with { AllowedKeys = isNull ? [] : Entries(field.Name, value) };
                    break;
                default:
                    throw GatewayException.Invalid($"'{field.Name}' is not a field of a provider's key.{NearestNames.Hint(field.Name, Fields)}");
            }
        }

        return (isFallback, always) switch
        {
            (true, true) => throw GatewayException.Invalid("'is_fallback' and 'always_use' contradict each other: a key that is always used is no fallback. Set one of them."),
            (true, _) => key with { Use = ProviderKeyUse.Fallback },
            (_, true) => key with { Use = ProviderKeyUse.Always },
            _ => key with { Use = ProviderKeyUse.Prioritized },
        };
    }

    private static JsonElement Required(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? value : throw GatewayException.Invalid($"'{name}' is missing.");

    private static string Provider(JsonElement value, IReadOnlyList<string> providers)
    {
        var name = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw ProviderObject.Wrong("provider", value, "the name of a provider");
        return providers.FirstOrDefault(provider => provider.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw GatewayException.Invalid($"'provider' is '{name}', which is not a provider of this gateway.{NearestNames.Hint(name, providers)}");
    }

    // No message may quote it.
    private static string Secret(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: >= ShortestSecret } secret && ProviderReader.CanBeSent(secret)
            ? secret
            : throw GatewayException.Invalid($"'key' must be a string of at least {ShortestSecret} characters that can be sent in an HTTP header.");

    private static string Name(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Trim() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl)
            ? name
            : throw GatewayException.Invalid($"'name' must be a string of 1 to {LongestName} characters, none of them a control character.");

    private static string[] Entries(string name, JsonElement value) => ProviderObject.Strings(name, value) is { Length: <= MostEntries } entries
        ? entries
        : throw GatewayException.Invalid($"'{name}' may have at most {MostEntries} entries.");

    private static string LabelOf(string secret) => $"{secret[..LabelBeginning]}...{secret[^LabelEnd..]}";

    // OpenRouter: null is no restriction. An empty list would read as nobody.
    private static JsonArray? Allowed(IReadOnlyList<string> values) => values.Count == 0 ? null : [.. values.Select(value => (JsonNode)value)];
}

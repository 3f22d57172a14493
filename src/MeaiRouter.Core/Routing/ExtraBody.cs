using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>
/// The fields of the wire that Microsoft.Extensions.AI has no word for: one JSON object in the additional properties of options, messages,
/// contents and tools.
/// </summary>
internal static class ExtraBody
{
    /// <summary>Where the OpenAI-compatible client looks for them.</summary>
    public const string Key = "extra_body";

    /// <summary>Whether the field is there with a value.</summary>
    public static bool Has(ChatOptions? options, string name) => Has(options?.AdditionalProperties, name);

    /// <summary>Whether the field is there with a value.</summary>
    public static bool Has(IReadOnlyDictionary<string, object?>? properties, string name) => Bundle(properties) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null,
        JsonObject json => json.TryGetPropertyValue(name, out var value) && value is not null,
        _ => false,
    };

    /// <summary>Whether there are any fields.</summary>
    public static bool IsPresent(ChatOptions options) => Bundle(options.AdditionalProperties) is not null;

    /// <summary>The value of a field, not to be changed; <see langword="null"/> where it has none.</summary>
    public static JsonNode? Find(ChatOptions? options, string name) => Find(options?.AdditionalProperties, name);

    /// <summary>The value of a field for its reader to keep and change; <see langword="null"/> where it has none.</summary>
    public static JsonNode? Get(IReadOnlyDictionary<string, object?>? properties, string name) => Find(properties, name)?.DeepClone();

    /// <summary>The text of a field; <see langword="null"/> where it is none.</summary>
    public static string? Text(ChatOptions? options, string name) =>
        Has(options, name) && Find(options, name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>All fields as an object of the reader's own.</summary>
    public static JsonObject Copy(ChatOptions options) => Copy(Bundle(options.AdditionalProperties));

    /// <summary>A copy of the properties in which the field has another value, or is absent where that is <see langword="null"/>.</summary>
    /// <returns><see langword="null"/> if nothing is left.</returns>
    public static AdditionalPropertiesDictionary? With(IReadOnlyDictionary<string, object?>? properties, string name, JsonNode? value)
    {
        var changed = properties is null ? [] : new AdditionalPropertiesDictionary(properties);
        var fields = Copy(Bundle(properties));
        fields.Remove(name);
        if (value is not null)
            fields[name] = value;

        if (fields.Count > 0)
            changed[Key] = fields;
        else
            changed.Remove(Key);
        return changed.Count > 0 ? changed : null;
    }

    private static JsonNode? Find(IReadOnlyDictionary<string, object?>? properties, string name) => Bundle(properties) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json when json.TryGetProperty(name, out var value) => ToNode(value),
        JsonObject json => json.TryGetPropertyValue(name, out var value) ? value : null,
        _ => null,
    };

    private static JsonObject Copy(object? bundle) => bundle switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json => JsonObject.Create(json)!.DeepClone().AsObject(),
        JsonObject json => json.DeepClone().AsObject(),
        _ => [],
    };

    private static JsonNode? ToNode(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };

    private static object? Bundle(IReadOnlyDictionary<string, object?>? properties) =>
        properties is not null && properties.TryGetValue(Key, out var bundle) ? bundle : null;
}

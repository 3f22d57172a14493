using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Fields of the wire that Microsoft.Extensions.AI has no word for, which travel as one JSON object in <c>AdditionalProperties</c>.</summary>
internal static class ExtraFields
{
    private const string Key = "extra_body";

    public static bool Has(IReadOnlyDictionary<string, object?>? properties, string name)
    {
        if (properties is null || properties.Count == 0 || !properties.TryGetValue(Key, out var extra))
            return false;

        return extra switch
        {
            JsonElement { ValueKind: JsonValueKind.Object } element => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null,
            JsonObject json => json[name] is not null,
            _ => false,
        };
    }

    /// <summary>A copy of the field's value; <see langword="null"/> if there is none.</summary>
    public static JsonNode? Get(IReadOnlyDictionary<string, object?>? properties, string name) =>
        Has(properties, name) ? Copy(properties![Key])[name]?.DeepClone() : null;

    /// <summary>A copy of the properties in which the field has another value, or is absent where that is <see langword="null"/>.</summary>
    /// <returns><see langword="null"/> if nothing is left.</returns>
    public static AdditionalPropertiesDictionary? With(IReadOnlyDictionary<string, object?>? properties, string name, JsonNode? value)
    {
        var changed = new AdditionalPropertiesDictionary();
        foreach (var (key, other) in properties ?? new AdditionalPropertiesDictionary())
            changed[key] = other;

        var fields = changed.TryGetValue(Key, out var extra) ? Copy(extra) : [];
        fields.Remove(name);
        if (value is not null)
            fields[name] = value;

        if (fields.Count > 0)
            changed[Key] = fields;
        else
            changed.Remove(Key);
        return changed.Count > 0 ? changed : null;
    }

    private static JsonObject Copy(object? extra) => extra switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } element => (JsonObject)JsonNode.Parse(element.GetRawText())!,
        JsonObject json => (JsonObject)json.DeepClone(),
        _ => [],
    };
}

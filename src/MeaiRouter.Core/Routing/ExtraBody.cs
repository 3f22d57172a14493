using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>The fields of a request that Microsoft.Extensions.AI has no word for: one JSON object in the options' additional properties.</summary>
internal static class ExtraBody
{
    /// <summary>Where the OpenAI-compatible client looks for them.</summary>
    public const string Key = "extra_body";

    /// <summary>Whether the field is there with a value.</summary>
    public static bool Has(ChatOptions? options, string name) => Bundle(options) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null,
        JsonObject json => json.TryGetPropertyValue(name, out var value) && value is not null,
        _ => false,
    };

    /// <summary>Whether there are any fields.</summary>
    public static bool IsPresent(ChatOptions options) => Bundle(options) is not null;

    /// <summary>The value of a field, not to be changed; <see langword="null"/> where it has none.</summary>
    public static JsonNode? Find(ChatOptions? options, string name) => Bundle(options) switch
    {
        JsonElement { ValueKind: JsonValueKind.Object } json when json.TryGetProperty(name, out var value) => ToNode(value),
        JsonObject json => json.TryGetPropertyValue(name, out var value) ? value : null,
        _ => null,
    };

    /// <summary>The text of a field; <see langword="null"/> where it is none.</summary>
    public static string? Text(ChatOptions? options, string name) =>
        Has(options, name) && Find(options, name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>All fields as an object of the reader's own.</summary>
    public static JsonObject Copy(ChatOptions options) => Bundle(options) switch
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

    private static object? Bundle(ChatOptions? options) =>
        options?.AdditionalProperties?.TryGetValue(Key, out var bundle) == true ? bundle : null;
}

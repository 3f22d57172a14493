using System.Text.Json;
using MeaiRouter.Schemas;

namespace MeaiRouter.Normalization.Structured;

/// <summary>Whether JSON fits the schema asked for, as it is or in another wrapping.</summary>
/// <param name="schema">The schema; <see langword="null"/> where any JSON will do.</param>
internal sealed class SchemaFit(JsonElement? schema)
{
    /// <summary>What is wrong; <see langword="null"/> if it fits.</summary>
    public SchemaProblem? Problem(JsonElement json) => schema is { } asked ? SchemaCheck.FirstProblem(json, asked) : null;

    /// <summary>The JSON with a wrapping taken away or put around it, where it fits only so; <see langword="null"/> if neither helps.</summary>
    /// <remarks>
    /// Schemas that are not objects are wrapped in one (<c>{"data": ...}</c>) by Microsoft.Extensions.AI and for endpoints that take no other;
    /// models leave that away, and put their own around what needs none.
    /// </remarks>
    public string? Rewrapped(JsonElement json)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } asked)
            return null;
        if (Only(json) is { } inner && Problem(inner) is null)
            return inner.GetRawText();
        if (!asked.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object || properties.GetPropertyCount() != 1)
            return null;

        var name = properties.EnumerateObject().First().Name;
        var wrapped = $"{{\"{JsonEncodedText.Encode(name)}\":{json.GetRawText()}}}";
        return Mending.LooseJson.TryParse(wrapped, out var outer) && Problem(outer) is null ? wrapped : null;
    }

    /// <summary>The only thing in an object or an array.</summary>
    private static JsonElement? Only(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object when json.GetPropertyCount() == 1 => json.EnumerateObject().First().Value,
        JsonValueKind.Array when json.GetArrayLength() == 1 => json[0],
        _ => null,
    };
}

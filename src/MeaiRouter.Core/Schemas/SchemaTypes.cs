using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>The keyword <c>type</c>.</summary>
internal static class SchemaTypes
{
    public static bool Fits(JsonElement value, JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
            return IsOfType(value, type.GetString());
        if (type.ValueKind != JsonValueKind.Array || type.GetArrayLength() == 0)
            return true;

        foreach (var one in type.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.String || IsOfType(value, one.GetString()))
                return true;
        }

        return false;
    }

    public static string Name(JsonElement type) => type.ValueKind == JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(one => one.ToString()))
        : type.ToString();

    private static bool IsOfType(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && NumberRules.IsWhole(value),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };
}

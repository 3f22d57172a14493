using System.Text.Json;

namespace MeaiRouter.Attempts;

/// <summary>Checks values against the part of JSON Schema that tools are described with.</summary>
/// <remarks>
/// It knows <c>type</c>, <c>required</c>, <c>properties</c>, <c>additionalProperties</c>, <c>items</c>, <c>enum</c> and <c>const</c>. Whatever
/// else a schema demands is taken for satisfied, and so is everything below a <c>$ref</c>, or in a schema that is broken, too deep or too large.
/// </remarks>
internal static class SchemaCheck
{
    private const int DeepestNesting = 32;

    // A schema comes from whoever sends the request, and is checked while his answer is on its way.
    private const int MostSteps = 10_000;

    /// <summary>Whether nothing in the value is known to break the schema.</summary>
    /// <param name="value">The value; <see langword="null"/> if it cannot be looked at.</param>
    /// <param name="schema">The schema.</param>
    public static bool Satisfies(JsonElement? value, JsonElement schema)
    {
        var steps = MostSteps;
        return value is not { } known || Satisfies(known, schema, 0, ref steps);
    }

    private static bool Satisfies(JsonElement value, JsonElement schema, int depth, ref int steps)
    {
        if (schema.ValueKind == JsonValueKind.False)
            return false;
        if (schema.ValueKind != JsonValueKind.Object || depth > DeepestNesting || --steps <= 0 || schema.TryGetProperty("$ref", out _))
            return true;

        return HasType(value, schema)
            && IsAmong(value, schema, ref steps)
            && (value.ValueKind != JsonValueKind.Object || HasMembers(value, schema, depth, ref steps))
            && (value.ValueKind != JsonValueKind.Array || HasItems(value, schema, depth, ref steps));
    }

    private static bool HasType(JsonElement value, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type))
            return true;
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

    private static bool IsOfType(JsonElement value, string? type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && IsWhole(value),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => true,
    };

    // JSON Schema: 1.0 is an integer too.
    private static bool IsWhole(JsonElement value) => !value.TryGetDecimal(out var number) || decimal.Truncate(number) == number;

    private static bool IsAmong(JsonElement value, JsonElement schema, ref int steps)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(value, only))
            return false;
        if (!schema.TryGetProperty("enum", out var choices) || choices.ValueKind != JsonValueKind.Array)
            return true;

        foreach (var choice in choices.EnumerateArray())
        {
            if (--steps <= 0 || JsonElement.DeepEquals(value, choice))
                return true;
        }

        return false;
    }

    private static bool HasMembers(JsonElement value, JsonElement schema, int depth, ref int steps)
    {
        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray())
            {
                if (--steps > 0 && name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
                    return false;
            }
        }

        var hasProperties = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object;
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others) && !schema.TryGetProperty("patternProperties", out _);
        foreach (var member in value.EnumerateObject())
        {
            var isSatisfied = hasProperties && properties.TryGetProperty(member.Name, out var own)
                ? Satisfies(member.Value, own, depth + 1, ref steps)
                : !hasOthers || Satisfies(member.Value, others, depth + 1, ref steps);
            if (!isSatisfied)
                return false;
        }

        return true;
    }

    private static bool HasItems(JsonElement value, JsonElement schema, int depth, ref int steps)
    {
        // An array of schemas, as draft 7 has for tuples, is not judged.
        if (!schema.TryGetProperty("items", out var items) || items.ValueKind == JsonValueKind.Array)
            return true;

        foreach (var item in value.EnumerateArray())
        {
            if (!Satisfies(item, items, depth + 1, ref steps))
                return false;
        }

        return true;
    }
}

using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>What a schema demands of numbers.</summary>
internal static class NumberRules
{
    /// <summary>The rule that the number breaks; <see langword="null"/> if it breaks none.</summary>
    public static string? FirstBroken(JsonElement value, JsonElement schema)
    {
        if (TryGet(schema, "minimum", out var limit) && Compare(value, limit) < 0)
            return $"must be at least {limit}";
        if (TryGet(schema, "maximum", out limit) && Compare(value, limit) > 0)
            return $"must be at most {limit}";
        if (TryGet(schema, "exclusiveMinimum", out limit) && Compare(value, limit) <= 0)
            return $"must be greater than {limit}";
        if (TryGet(schema, "exclusiveMaximum", out limit) && Compare(value, limit) >= 0)
            return $"must be less than {limit}";
        return TryGet(schema, "multipleOf", out var unit) && !IsMultiple(value, unit) ? $"must be a multiple of {unit}" : null;
    }

    /// <summary>Whether a number is whole; JSON Schema: 1.0 is an integer too.</summary>
    public static bool IsWhole(JsonElement value) => !value.TryGetDecimal(out var number) || decimal.Truncate(number) == number;

    /// <summary>A limit that counts something; <see langword="null"/> if there is none.</summary>
    public static int? Count(JsonElement schema, string keyword) =>
        TryGet(schema, keyword, out var limit) && limit.TryGetDecimal(out var count) && count is >= 0 and <= int.MaxValue ? (int)count : null;

    private static bool TryGet(JsonElement schema, string keyword, out JsonElement limit) =>
        schema.TryGetProperty(keyword, out limit) && limit.ValueKind == JsonValueKind.Number;

    // Numbers that fit in no decimal are too large or too close to zero for more digits to matter.
    private static int Compare(JsonElement value, JsonElement limit) =>
        value.TryGetDecimal(out var exact) && limit.TryGetDecimal(out var exactLimit)
            ? exact.CompareTo(exactLimit)
            : value.GetDouble().CompareTo(limit.GetDouble());

    private static bool IsMultiple(JsonElement value, JsonElement unit) =>
        !value.TryGetDecimal(out var number) || !unit.TryGetDecimal(out var step) || step <= 0 || number % step == 0;
}

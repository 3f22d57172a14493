using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>What a schema demands of arrays, apart from what it demands of each item.</summary>
internal static class ArrayRules
{
    /// <summary>The rule that the array breaks; <see langword="null"/> if it breaks none that could be looked at in the steps there are.</summary>
    public static string? FirstBroken(JsonElement value, JsonElement schema, Func<int, bool> spend)
    {
        var count = value.GetArrayLength();
        if (count < NumberRules.Count(schema, "minItems"))
            return $"must have at least {NumberRules.Count(schema, "minItems")} items";
        if (count > NumberRules.Count(schema, "maxItems"))
            return $"must have at most {NumberRules.Count(schema, "maxItems")} items";
        if (!schema.TryGetProperty("uniqueItems", out var unique) || unique.ValueKind != JsonValueKind.True)
            return null;

        // The same letters are certainly the same value; other spellings of it are let pass.
        var seen = new HashSet<string>(count);
        foreach (var item in value.EnumerateArray())
        {
            if (!spend(1))
                return null;
            if (!seen.Add(item.GetRawText()))
                return "must not hold the same item twice";
        }

        return null;
    }
}

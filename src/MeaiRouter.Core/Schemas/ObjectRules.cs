using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>What a schema demands of objects, apart from the values of their members.</summary>
internal static class ObjectRules
{
    /// <summary>The rule that the object breaks; <see langword="null"/> if it breaks none that could be looked at in the steps there are.</summary>
    public static string? FirstBroken(JsonElement value, JsonElement schema, Func<int, bool> spend)
    {
        if (schema.TryGetProperty("required", out var required) && FirstMissing(value, required, spend) is { } missing)
            return $"lacks the required property '{missing}'";

        var count = value.GetPropertyCount();
        if (count < NumberRules.Count(schema, "minProperties"))
            return $"must have at least {NumberRules.Count(schema, "minProperties")} properties";
        if (count > NumberRules.Count(schema, "maxProperties"))
            return $"must have at most {NumberRules.Count(schema, "maxProperties")} properties";
        if (!schema.TryGetProperty("dependentRequired", out var dependencies) || dependencies.ValueKind != JsonValueKind.Object)
            return null;

        foreach (var dependency in dependencies.EnumerateObject())
        {
            if (value.TryGetProperty(dependency.Name, out _) && FirstMissing(value, dependency.Value, spend) is { } needed)
                return $"lacks the property '{needed}' that '{dependency.Name}' requires";
        }

        return null;
    }

    private static string? FirstMissing(JsonElement value, JsonElement names, Func<int, bool> spend)
    {
        if (names.ValueKind != JsonValueKind.Array)
            return null;

        foreach (var name in names.EnumerateArray())
        {
            if (!spend(1))
                return null;
            if (name.ValueKind == JsonValueKind.String && !value.TryGetProperty(name.GetString()!, out _))
                return name.GetString();
        }

        return null;
    }
}

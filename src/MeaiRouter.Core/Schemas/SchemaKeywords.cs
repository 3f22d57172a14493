using System.Collections.Frozen;
using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>The keywords that <see cref="SchemaCheck"/> judges by, and those that demand nothing.</summary>
internal static class SchemaKeywords
{
    private static readonly FrozenSet<string> Known = new[]
    {
        "$ref", "type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "properties", "patternProperties",
        "additionalProperties", "required", "minProperties", "maxProperties", "propertyNames", "dependentRequired", "items", "prefixItems",
        "additionalItems", "minItems", "maxItems", "uniqueItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "pattern", "format", "title", "description", "default", "example", "examples", "$schema", "$id", "$comment",
        "$defs", "definitions", "deprecated", "readOnly", "writeOnly",
    }.ToFrozenSet();

    /// <summary>Whether a schema demands nothing that is not judged.</summary>
    public static bool AreAllKnown(JsonElement schema)
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
                return false;
        }

        return true;
    }
}

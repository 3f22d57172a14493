using System.Collections.Frozen;

namespace MeaiRouter.Normalization.Requests;

/// <summary>What stands under the keywords of JSON Schema, so that a property that is named like a keyword is not taken for one.</summary>
internal static class SchemaKeywords
{
    public const string Ref = "$ref";
    public const string Defs = "$defs";
    public const string Definitions = "definitions";
    public const string Description = "description";
    public const string Const = "const";
    public const string Enum = "enum";
    public const string OneOf = "oneOf";
    public const string AnyOf = "anyOf";
    public const string AllOf = "allOf";

    /// <summary>Keywords under which schemas stand by names of the caller's.</summary>
    public static FrozenSet<string> OfNamedSchemas { get; } =
        FrozenSet.Create(StringComparer.Ordinal, "properties", "patternProperties", "dependentSchemas", Defs, Definitions);

    /// <summary>Keywords under which one schema stands, or a list of them.</summary>
    public static FrozenSet<string> OfSchemas { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "items", "additionalItems", "prefixItems", "contains", "additionalProperties", "propertyNames", "unevaluatedItems",
        "unevaluatedProperties", "not", "if", "then", "else", "contentSchema", OneOf, AnyOf, AllOf);

    /// <summary>Keywords without a meaning for whoever fills in the schema.</summary>
    public static FrozenSet<string> OfNoMeaning { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "$schema", "$id", "$anchor", "$dynamicAnchor", "$vocabulary", "$comment", Defs, Definitions, "title");
}

namespace MeaiRouter.Core.Tests.Schemas;

/// <summary>JSON and schemas drawn at random.</summary>
internal static class RandomJson
{
    private static readonly string[] Keywords =
    [
        "type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "properties", "patternProperties", "additionalProperties",
        "required", "minProperties", "maxProperties", "propertyNames", "dependentRequired", "items", "prefixItems", "minItems", "maxItems",
        "uniqueItems", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "pattern", "format", "$ref", "contains", "title",
    ];

    public static string Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 6) switch
    {
        0 => "null",
        1 => random.Next(2) == 0 ? "true" : "false",
        2 => $"{random.Next(-3, 10)}",
        3 => $"{random.Next(10)}.{random.Next(10)}",
        4 => $"\"{Text(random)}\"",
        5 => "\"\\u0041\\n\\ud83d\\ude42\"",
        6 => $"[{string.Join(random.Next(2) == 0 ? "," : " , ", Several(random, () => Value(random, depth - 1)))}]",
        _ => $"{{{string.Join(",", Several(random, () => $"\"{Name(random)}\":{Value(random, depth - 1)}"))}}}",
    };

    /// <summary>A schema, in which any keyword may have a value of any kind.</summary>
    public static string Schema(Random random, int depth)
    {
        if (depth == 0 || random.Next(8) == 0)
            return random.Next(4) == 0 ? Value(random, 1) : "{}";
        return $"{{{string.Join(",", Several(random, () => Keywords[random.Next(Keywords.Length)]).Distinct().Select(keyword => $"\"{keyword}\":{Rule(random, keyword, depth - 1)}"))}}}";
    }

    private static string Rule(Random random, string keyword, int depth) => random.Next(10) == 0 ? Value(random, 2) : keyword switch
    {
        "type" => new[] { "\"object\"", "\"array\"", "\"string\"", "\"integer\"", "[\"number\",\"null\"]" }[random.Next(5)],
        "allOf" or "anyOf" or "oneOf" or "prefixItems" => $"[{string.Join(",", Several(random, () => Schema(random, depth)))}]",
        "properties" or "patternProperties" => $"{{{string.Join(",", Several(random, () => $"\"{Name(random)}\":{Schema(random, depth)}"))}}}",
        "required" => $"[\"{Name(random)}\"]",
        "$ref" => new[] { "\"#\"", "\"#/properties/a\"", "\"#/x\"", "\"x\"" }[random.Next(4)],
        "pattern" => "\"^[a-c]*$\"",
        "format" => "\"date\"",
        "not" or "if" or "then" or "else" or "additionalProperties" or "items" or "propertyNames" or "contains" => Schema(random, depth),
        _ => Value(random, 1),
    };

    private static string Name(Random random) => $"{(char)('a' + random.Next(4))}";

    private static string Text(Random random) => string.Concat(Several(random, () => $"{(char)('a' + random.Next(26))}"));

    private static List<string> Several(Random random, Func<string> one) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => one())];
}

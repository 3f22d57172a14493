using System.Text.Json.Nodes;

namespace MeaiRouter.Tests.Configuration;

/// <summary>Settings made from the schema: everything that it knows, at once.</summary>
internal static class SchemaSamples
{
    /// <summary>A value with every member that a schema has, all the way down.</summary>
    public static JsonNode? Whole(JsonObject schema)
    {
        schema = SchemaFile.Resolve(schema);
        if (schema["anyOf"] is JsonArray alternatives)
            return Whole(alternatives.Select(one => SchemaFile.Resolve(one!.AsObject())).MaxBy(one => one["properties"] is not null || one["additionalProperties"] is JsonObject ? 1 : 0)!);
        if (schema["properties"] is JsonObject members)
            return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Whole(member.Value!.AsObject()))));
        if (schema["additionalProperties"] is JsonObject entry)
            return new JsonObject { [(string?)schema["propertyNames"]?["enum"]?[0] ?? "x"] = Whole(entry) };
        if (schema["items"] is JsonObject item)
            return new JsonArray(Whole(item));
        return Leaf(schema);
    }

    /// <summary>Every setting of a schema that is a single value, with its path.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Leaves(JsonObject schema, string path)
    {
        var resolved = SchemaFile.Resolve(schema);
        if (resolved["anyOf"] is JsonArray alternatives)
            return alternatives.SelectMany(one => Leaves(one!.AsObject(), path));
        if (resolved["properties"] is JsonObject members)
            return members.SelectMany(member => Leaves(member.Value!.AsObject(), $"{path}:{member.Key}"));
        if (resolved["additionalProperties"] is JsonObject entry)
            return Leaves(entry, $"{path}:{(string?)resolved["propertyNames"]?["enum"]?[0] ?? "x"}");
        return resolved["items"] is JsonObject item ? Leaves(item, $"{path}:0") : [(path, resolved)];
    }

    private static JsonNode? Leaf(JsonObject schema) =>
        (schema["default"] ?? schema["enum"]?[0] ?? schema["minimum"])?.DeepClone()
        ?? (string?)(schema["type"] is JsonArray several ? several[0] : schema["type"]) switch
        {
            "boolean" => JsonValue.Create(true),
            "integer" or "number" => JsonValue.Create(1),
            _ => JsonValue.Create(schema["pattern"] is null ? "text-of-eight" : "00:00:05"),
        };
}

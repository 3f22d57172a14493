using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MeaiRouter.Tests.Configuration;

/// <summary>The JSON schema of the configuration, with as much of JSON Schema (draft 7) as it uses. A keyword that it does not know is an error.</summary>
internal static class SchemaFile
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "definitions"];

    public static JsonObject Root { get; } = JsonNode.Parse(File.ReadAllText(Repository.PathOf("src/MeaiRouter/meairouter.schema.json")))!.AsObject();

    /// <summary>The schema of the section MeaiRouter.</summary>
    public static JsonObject Section => Root["properties"]!["MeaiRouter"]!.AsObject();

    /// <summary>What a schema refers to, in its place.</summary>
    public static JsonObject Resolve(JsonObject schema)
    {
        if (schema["allOf"] is JsonArray { Count: 1 } wrapped)
            schema = wrapped[0]!.AsObject();
        return schema["$ref"] is { } reference ? Root["definitions"]![((string)reference!)["#/definitions/".Length..]]!.AsObject() : schema;
    }

    /// <summary>What is wrong with a value, each with its place.</summary>
    public static IEnumerable<string> Errors(JsonNode? value, JsonObject schema, string path = "")
    {
        foreach (var (keyword, argument) in schema)
        {
            foreach (var error in Errors(value, schema, keyword, argument, path))
                yield return error;
        }
    }

    private static IEnumerable<string> Errors(JsonNode? value, JsonObject schema, string keyword, JsonNode? argument, string path) => keyword switch
    {
        _ when Annotations.Contains(keyword) => [],
        "$ref" => Errors(value, Resolve(schema), path),
        "allOf" => argument!.AsArray().SelectMany(one => Errors(value, one!.AsObject(), path)),
        "anyOf" => AnyOf(value, argument!.AsArray(), path),
        "not" => Errors(value, argument!.AsObject(), path).Any() ? [] : [$"{path}: is what it must not be"],
        "type" => Types(argument!).Contains(TypeOf(value)) || (Types(argument!).Contains("number") && TypeOf(value) == "integer") ? [] : [$"{path}: is {TypeOf(value)}, not {argument}"],
        "enum" => argument!.AsArray().Any(one => JsonNode.DeepEquals(one, value)) ? [] : [$"{path}: {value?.ToJsonString()} is not one of {argument.ToJsonString()}"],
        "pattern" => value is JsonValue text && TypeOf(value) == "string" && !Regex.IsMatch((string)text!, (string)argument!) ? [$"{path}: {value} does not match {argument}"] : [],
        "minLength" => TypeOf(value) == "string" && ((string)value!).Length < (int)argument! ? [$"{path}: is too short"] : [],
        "minimum" => IsNumber(value) && Number(value) < Number(argument) ? [$"{path}: {value} is below {argument}"] : [],
        "exclusiveMinimum" => IsNumber(value) && Number(value) <= Number(argument) ? [$"{path}: {value} is not above {argument}"] : [],
        "maximum" => IsNumber(value) && Number(value) > Number(argument) ? [$"{path}: {value} is above {argument}"] : [],
        "required" => value is JsonObject members ? argument!.AsArray().Where(name => !members.ContainsKey((string)name!)).Select(name => $"{path}: lacks {name}") : [],
        "properties" => value is JsonObject members
            ? members.Where(member => argument!.AsObject().ContainsKey(member.Key)).SelectMany(member => Errors(member.Value, argument![member.Key]!.AsObject(), $"{path}:{member.Key}"))
            : [],
        "additionalProperties" => Additional(value as JsonObject, schema, argument!, path),
        "propertyNames" => value is JsonObject members ? members.SelectMany(member => Errors(JsonValue.Create(member.Key), argument!.AsObject(), $"{path}:{member.Key}")) : [],
        "items" => value is JsonArray items ? items.SelectMany((item, i) => Errors(item, argument!.AsObject(), $"{path}:{i}")) : [],
        _ => throw new NotSupportedException($"The schema uses '{keyword}', which the tests do not know."),
    };

    private static List<string> AnyOf(JsonNode? value, JsonArray alternatives, string path)
    {
        var errors = alternatives.Select(one => Errors(value, one!.AsObject(), path).ToList()).ToList();
        return errors.Exists(static list => list.Count == 0) ? [] : errors.MinBy(static list => list.Count(error => error.Contains("not [", StringComparison.Ordinal)))!;
    }

    private static IEnumerable<string> Additional(JsonObject? value, JsonObject schema, JsonNode argument, string path)
    {
        var others = value?.Where(member => schema["properties"]?.AsObject().ContainsKey(member.Key) != true) ?? [];
        return argument is JsonObject rule
            ? others.SelectMany(member => Errors(member.Value, rule, $"{path}:{member.Key}"))
            : others.Select(member => $"{path}:{member.Key} is unknown");
    }

    private static string[] Types(JsonNode argument) => argument is JsonArray several ? [.. several.Select(type => (string)type!)] : [(string)argument!];

    private static bool IsNumber(JsonNode? value) => TypeOf(value) is "integer" or "number";

    private static decimal Number(JsonNode? value) => decimal.Parse(value!.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String => "string",
        JsonValueKind.Number => Number(value) % 1 == 0 ? "integer" : "number",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}

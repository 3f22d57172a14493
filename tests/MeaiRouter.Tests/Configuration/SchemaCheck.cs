using System.Text;
using System.Text.Json.Nodes;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Tests.Configuration;

/// <summary>Holds the schema against what reads the configuration.</summary>
internal static class SchemaCheck
{
    /// <summary>The keys that only one of the two knows.</summary>
    /// <param name="schema">The schema of what is read.</param>
    /// <param name="path">Where that stands, such as <c>MeaiRouter:Gateway</c>.</param>
    /// <param name="reader">What has read settings with every key of the schema, possibly in several variants.</param>
    /// <param name="except">Keys of the schema that are not its business.</param>
    public static IEnumerable<string> Differences(JsonObject schema, string path, SectionReader reader, params IReadOnlyCollection<string> except)
    {
        var known = new HashSet<(JsonObject Schema, string Key)>();
        foreach (var (section, key) in reader.KnownKeys().Where(known => known.Path == path || known.Path.StartsWith(path + ":", StringComparison.Ordinal)))
        {
            var place = Walk(schema, section[path.Length..].Split(':', StringSplitOptions.RemoveEmptyEntries));
            if (place["properties"]?.AsObject() is not { } properties)
                continue;
            known.Add((place, key));
            if (!properties.ContainsKey(key))
                yield return $"The schema lacks {section}:{key}.";
        }

        foreach (var (place, name) in Objects(schema, path, except))
            foreach (var key in place["properties"]!.AsObject().Select(static member => member.Key).Except(except).Where(key => !known.Contains((place, key))))
                yield return $"Nobody reads {name}:{key}.";
    }

    /// <summary>Settings as a configuration.</summary>
    public static IConfigurationRoot Configuration(JsonNode section) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(new JsonObject { ["MeaiRouter"] = section.DeepClone() }.ToJsonString()))).Build();

    /// <summary>Settings that hold a single one.</summary>
    public static JsonObject Single(string path, JsonNode? value)
    {
        var segments = path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        JsonNode? node = value;
        foreach (var segment in segments.Reverse())
            node = segment == "0" ? new JsonArray(node) : new JsonObject { [segment] = node };
        return node!.AsObject();
    }

    /// <summary>Values that a setting's schema permits, and values that it does not, as they would stand in a configuration.</summary>
    public static (IReadOnlyList<JsonNode> Good, IReadOnlyList<JsonNode> Bad) Values(JsonObject schema)
    {
        List<JsonNode?> good = [schema["default"], schema["minimum"], schema["maximum"], .. schema["enum"]?.AsArray().ToList() ?? []];
        List<JsonNode?> bad = [];
        if (schema["enum"] is not null)
            bad.Add("no-such-word");
        if (schema["type"] is JsonValue type && (string)type! is "boolean" or "integer" or "number" || schema["type"] is JsonArray)
            bad.Add("perhaps");
        if (schema["minimum"] is { } minimum)
            bad.Add(JsonValue.Create((decimal)minimum - 1));
        if (schema["maximum"] is { } maximum)
            bad.Add(JsonValue.Create((decimal)maximum + 1));
        if (((string?)schema["pattern"])?.Contains("[0-5][0-9]:[0-5][0-9]", StringComparison.Ordinal) == true)
            bad.Add("10");
        return ([.. good.OfType<JsonNode>().Select(static node => node.DeepClone())], [.. bad.OfType<JsonNode>()]);
    }

    private static JsonObject Walk(JsonObject schema, string[] segments)
    {
        var place = Variant(schema, segments.Length > 0 ? segments[0] : null);
        return segments.Length == 0 ? place : Walk(Next(place, segments[0]), segments[1..]);
    }

    private static JsonObject Next(JsonObject place, string segment) =>
        (place["properties"]?[segment] ?? place["items"] ?? (place["additionalProperties"] as JsonObject))?.AsObject()
        ?? throw new InvalidOperationException($"The schema has no '{segment}' in {place["description"]}");

    // Of alternatives the one that goes on.
    private static JsonObject Variant(JsonObject schema, string? segment)
    {
        var place = SchemaFile.Resolve(schema);
        if (place["anyOf"] is not JsonArray alternatives)
            return place;
        var resolved = alternatives.Select(one => SchemaFile.Resolve(one!.AsObject())).ToList();
        return resolved.Find(one => segment is not null && int.TryParse(segment, out _) && one["items"] is not null)
            ?? resolved.Find(one => one["properties"] is not null || one["additionalProperties"] is JsonObject)
            ?? resolved[0];
    }

    private static IEnumerable<(JsonObject Schema, string Path)> Objects(JsonObject schema, string path, IReadOnlyCollection<string> except)
    {
        var place = SchemaFile.Resolve(schema);
        if (place["anyOf"] is JsonArray alternatives)
            return alternatives.SelectMany(one => Objects(one!.AsObject(), path, except));
        if (place["properties"] is JsonObject members)
            return members.Where(member => !except.Contains(member.Key)).SelectMany(member => Objects(member.Value!.AsObject(), $"{path}:{member.Key}", except)).Prepend((place, path));
        return (place["items"] ?? place["additionalProperties"] as JsonObject) is JsonObject inner ? Objects(inner, $"{path}:*", except) : [];
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Makes one object of the choices at the top of a tool's schema, for endpoints that take them only further in.</summary>
/// <remarks>
/// What a model may fill in stays: the properties of all choices, of which those are required that every choice requires. Which of them go
/// together is said in the description.
/// </remarks>
internal static class SchemaTop
{
    private const string Type = "type";
    private const string Properties = "properties";
    private const string Required = "required";

    /// <summary>Whether a schema holds one of the keywords at its top.</summary>
    public static bool Holds(JsonElement schema, IReadOnlySet<string> refused)
    {
        foreach (var keyword in refused)
        {
            if (schema.TryGetProperty(keyword, out _))
                return true;
        }

        return false;
    }

    /// <summary>Takes the keywords out of a schema.</summary>
    /// <param name="schema">The schema, which is changed.</param>
    /// <param name="refused">The keywords.</param>
    /// <param name="isRefused">Whether a keyword is refused anywhere, so that nothing may be said by it.</param>
    /// <param name="removed">Where those that were there are taken down.</param>
    /// <returns>What the schema says no longer.</returns>
    public static List<string> Flatten(JsonObject schema, IReadOnlySet<string> refused, Predicate<string> isRefused, ISet<string> removed)
    {
        List<string> hints = [];
        foreach (var keyword in refused.Order(StringComparer.Ordinal))
        {
            if (!schema.Remove(keyword, out var value))
                continue;

            removed.Add(keyword);
            if (!IsCombination(keyword) || value is not JsonArray choices || !Merge(choices, keyword == SchemaKeywords.AllOf, schema, isRefused))
                hints.Add(SchemaReducer.Hint(keyword, value));
            if (!isRefused(Type))
                schema[Type] = "object"; // Arguments are nothing else, and endpoints that refuse choices want to read it.
        }

        return hints;
    }

    private static bool IsCombination(string keyword) => keyword is SchemaKeywords.AnyOf or SchemaKeywords.OneOf or SchemaKeywords.AllOf;

    /// <returns>Whether the schema now says all that the choices said.</returns>
    private static bool Merge(JsonArray choices, bool isAll, JsonObject schema, Predicate<string> isRefused)
    {
        var objects = choices.Select(choice => Resolved(choice, schema)).OfType<JsonObject>().Where(MayBeObject).ToList();
        var isWhole = choices.All(static choice => choice is JsonObject) && (isAll || objects.Count <= 1);
        var combination = isAll ? SchemaKeywords.AllOf : SchemaKeywords.AnyOf;
        foreach (var choice in objects)
            isWhole &= AddProperties(choice, isRefused(combination) ? null : combination, schema);

        var required = objects.Select(Names).ToList();
        var shared = required.SelectMany(static names => names).Distinct().Where(name => isAll || required.TrueForAll(names => names.Contains(name)));
        var all = Names(schema).Union(shared).ToList();
        if (all.Count > 0)
            schema[Required] = new JsonArray([.. all.Select(static name => JsonValue.Create(name))]);
        return isWhole;
    }

    private static JsonNode? Resolved(JsonNode? choice, JsonObject schema) =>
        choice is JsonObject reference && Text(reference[SchemaKeywords.Ref]) is { } pointer ? JsonPointer.Find(schema, pointer) : choice;

    private static bool MayBeObject(JsonObject choice) => choice[Type] switch
    {
        null => true,
        JsonArray types => types.Any(static type => Text(type) == "object"),
        var type => Text(type) == "object",
    };

    /// <returns>Whether nothing but properties, and what is required of them, was there to add.</returns>
    private static bool AddProperties(JsonObject choice, string? combination, JsonObject schema)
    {
        var isWhole = choice.All(static member => member.Key is Type or Properties or Required);
        if (choice[Properties] is JsonObject { Count: > 0 } properties)
        {
            if (schema[Properties] is not JsonObject own)
                schema[Properties] = own = [];
            foreach (var (name, value) in properties)
            {
                if (own[name] is not { } other)
                    own[name] = value?.DeepClone();
                else if (JsonNode.DeepEquals(other, value))
                    continue;
                else if (combination is not null)
                    own[name] = Combined(other, value, combination);
                else
                    isWhole = false;
            }
        }

        return isWhole;
    }

    // Where choices say different things of one property, it is as each of them says.
    private static JsonObject Combined(JsonNode one, JsonNode? other, string keyword) =>
        one is JsonObject { Count: 1 } either && either[keyword] is JsonArray some
            ? new JsonObject { [keyword] = new JsonArray([.. some.Select(static schema => schema?.DeepClone()), other?.DeepClone()]) }
            : new JsonObject { [keyword] = new JsonArray(one.DeepClone(), other?.DeepClone()) };

    private static List<string> Names(JsonObject schema) =>
        schema[Required] is JsonArray names ? [.. names.Select(Text).OfType<string>()] : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

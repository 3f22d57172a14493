using System.Runtime.InteropServices;
using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>Checks values against the part of JSON Schema that tools and formats of answers are described with.</summary>
/// <remarks>
/// Whatever a schema demands beyond the keywords listed here counts as satisfied, and so does a schema that is broken, too deep or too
/// large: what is judged is the model, for what it certainly did wrong. Below <c>not</c>, <c>oneOf</c> and <c>if</c> an unknown keyword
/// leaves the verdict open. JSON Schema 2020-12, with the tuples and <c>definitions</c> of draft 7.
/// </remarks>
internal sealed class SchemaCheck
{
    // JSON is read to a depth of 64; a schema may take some steps of its own at each.
    private const int DeepestNesting = 256;

    private const int BytesPerStep = 64;

    private readonly JsonElement _root;
    private readonly StringRules _strings = new();
    private readonly CheckProgress _progress = new();
    private readonly SchemaCombinations _combinations;
    private readonly Func<int, bool> _spend;

    private SchemaCheck(JsonElement root) =>
        (_root, _spend, _combinations) = (root, _progress.Spend, new SchemaCombinations(_progress, Judge));

    /// <summary>The first rule of the schema that the value certainly breaks; <see langword="null"/> if there is none.</summary>
    public static SchemaProblem? FirstProblem(JsonElement value, JsonElement schema)
    {
        var check = new SchemaCheck(schema);
        try
        {
            return check.Judge(value, schema, 0) == Verdict.Broken ? check._progress.Problem() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in an escape cannot be read as a string.
            return null;
        }
    }

    private Verdict Judge(JsonElement value, JsonElement schema, int depth)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return Verdict.Satisfied;
        if (schema.ValueKind == JsonValueKind.False)
            return _progress.Break("must not be there");
        if (schema.ValueKind != JsonValueKind.Object || depth > DeepestNesting || !_progress.Spend(1))
            return Verdict.Unknown;

        // Only an attempt at one of several schemas can turn a missing "no" into a "yes" that counts.
        var whole = _progress.IsTrying && !SchemaKeywords.AreAllKnown(schema) ? Verdict.Unknown : Verdict.Satisfied;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            if (SchemaPointer.Resolve(_root, reference) is not { } target)
                return Verdict.Unknown;
            if (!whole.And(Judge(value, target, depth + 1)))
                return Verdict.Broken;
        }

        return whole.And(OfType(value, schema))
            && whole.And(Among(value, schema))
            && whole.And(ByKind(value, schema, depth))
            && whole.And(_combinations.Judge(value, schema, depth))
            ? whole
            : Verdict.Broken;
    }

    private Verdict ByKind(JsonElement value, JsonElement schema, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object => Members(value, schema, depth),
        JsonValueKind.Array => Items(value, schema, depth),
        JsonValueKind.String => _strings.Judge(value, schema, out var rule) == Verdict.Broken ? _progress.Break(rule!) : Verdict.Satisfied,
        JsonValueKind.Number => NumberRules.FirstBroken(value, schema) is { } rule ? _progress.Break(rule) : Verdict.Satisfied,
        _ => Verdict.Satisfied,
    };

    private Verdict OfType(JsonElement value, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type) || SchemaTypes.Fits(value, type))
            return Verdict.Satisfied;
        return _progress.Break($"must be of type {SchemaTypes.Name(type)}");
    }

    private Verdict Among(JsonElement value, JsonElement schema)
    {
        if (schema.TryGetProperty("const", out var only) && _progress.Spend(Size(only)) && !JsonElement.DeepEquals(value, only))
            return _progress.Break("must be the value of 'const'");
        if (!schema.TryGetProperty("enum", out var choices) || choices.ValueKind != JsonValueKind.Array)
            return Verdict.Satisfied;

        foreach (var choice in choices.EnumerateArray())
        {
            if (!_progress.Spend(Size(choice)))
                return Verdict.Unknown;
            if (JsonElement.DeepEquals(value, choice))
                return Verdict.Satisfied;
        }

        return _progress.Break($"must be one of the {choices.GetArrayLength()} values of 'enum'");
    }

    private Verdict Members(JsonElement value, JsonElement schema, int depth)
    {
        if (ObjectRules.FirstBroken(value, schema, _spend) is { } rule)
            return _progress.Break(rule);

        var hasProperties = TryGetObject(schema, "properties", out var properties);
        var hasPatterns = TryGetObject(schema, "patternProperties", out var patterns);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        var hasNames = schema.TryGetProperty("propertyNames", out var names);
        if (!hasProperties && !hasPatterns && !hasOthers && !hasNames)
            return Verdict.Satisfied;

        var lookup = 1 + (hasProperties ? properties.GetPropertyCount() / BytesPerStep : 0);
        var whole = Verdict.Satisfied;
        foreach (var member in value.EnumerateObject())
        {
            if (!_progress.Spend(lookup))
                return Verdict.Unknown;

            var isKnown = hasProperties && properties.TryGetProperty(member.Name, out var own) && Judged(member, own);
            if (whole == Verdict.Broken)
                return _progress.At($".{(isKnown ? member.Name : "*")}");
            if (hasPatterns)
                isKnown |= MatchesPatterns(member);
            if (whole != Verdict.Broken && !isKnown && hasOthers)
                _ = others.ValueKind == JsonValueKind.False ? whole.And(_progress.Break("is not allowed by the schema")) : Judged(member, others);
            if (whole != Verdict.Broken && hasNames)
                whole.And(Judge(JsonElement.Parse(JsonEncoded(member.Name)), names, depth + 1));
            if (whole == Verdict.Broken)
                return _progress.At(".*");
        }

        return whole;

        bool Judged(JsonProperty member, JsonElement own)
        {
            whole.And(Judge(member.Value, own, depth + 1));
            return true;
        }

        bool MatchesPatterns(JsonProperty member)
        {
            var matches = false;
            foreach (var pattern in patterns.EnumerateObject())
            {
                var verdict = _progress.Spend(1) ? _strings.Matches(member.Name, pattern.Name) : Verdict.Unknown;
                matches |= verdict != Verdict.Broken;
                if (verdict == Verdict.Satisfied)
                    Judged(member, pattern.Value);
            }

            return matches;
        }
    }

    private Verdict Items(JsonElement value, JsonElement schema, int depth)
    {
        if (ArrayRules.FirstBroken(value, schema, _spend) is { } rule)
            return _progress.Break(rule);

        var hasItems = schema.TryGetProperty("items", out var items);
        var hasFirst = schema.TryGetProperty("prefixItems", out var first) && first.ValueKind == JsonValueKind.Array;
        if (!hasFirst && hasItems && items.ValueKind == JsonValueKind.Array)
        {
            (hasFirst, first) = (true, items);
            hasItems = schema.TryGetProperty("additionalItems", out items);
        }

        if (!hasItems && !hasFirst)
            return Verdict.Satisfied;

        var whole = Verdict.Satisfied;
        var index = 0;
        using var own = hasFirst ? first.EnumerateArray() : default;
        foreach (var item in value.EnumerateArray())
        {
            var isOwn = hasFirst && own.MoveNext();
            hasFirst = isOwn;
            if ((isOwn || hasItems) && !whole.And(Judge(item, isOwn ? own.Current : items, depth + 1)))
                return _progress.At($"[{index}]");
            index++;
        }

        return whole;
    }

    private static int Size(JsonElement element) => 1 + (JsonMarshal.GetRawUtf8Value(element).Length / BytesPerStep);

    private static string JsonEncoded(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static bool TryGetObject(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Object;
}

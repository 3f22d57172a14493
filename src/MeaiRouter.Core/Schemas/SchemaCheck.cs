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

    // A schema comes from whoever sends the request, and is checked while his answer is on its way.
    private const int MostSteps = 200_000;
    private const int BytesPerStep = 64;

    private readonly JsonElement _root;
    private readonly StringRules _strings = new();
    private readonly List<string> _path = [];
    private string? _rule;
    private int _steps = MostSteps;
    private int _attempts;

    private readonly Func<int, bool> _spend;

    private SchemaCheck(JsonElement root) => (_root, _spend) = (root, Spend);

    /// <summary>The first rule of the schema that the value certainly breaks; <see langword="null"/> if there is none.</summary>
    public static SchemaProblem? FirstProblem(JsonElement value, JsonElement schema)
    {
        var check = new SchemaCheck(schema);
        try
        {
            if (check.Judge(value, schema, 0) != Verdict.Broken)
                return null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair in an escape cannot be read as a string.
            return null;
        }

        check._path.Reverse();
        return new SchemaProblem("$" + string.Concat(check._path), check._rule ?? "breaks the schema");
    }

    private Verdict Judge(JsonElement value, JsonElement schema, int depth)
    {
        if (schema.ValueKind == JsonValueKind.True)
            return Verdict.Satisfied;
        if (schema.ValueKind == JsonValueKind.False)
            return Break("must not be there");
        if (schema.ValueKind != JsonValueKind.Object || depth > DeepestNesting || !Spend(1))
            return Verdict.Unknown;

        // Only an attempt at one of several schemas can turn a missing "no" into a "yes" that counts.
        var whole = _attempts > 0 && !SchemaKeywords.AreAllKnown(schema) ? Verdict.Unknown : Verdict.Satisfied;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            if (SchemaPointer.Resolve(_root, reference) is not { } target)
                return Verdict.Unknown;
            if (!And(ref whole, Judge(value, target, depth + 1)))
                return Verdict.Broken;
        }

        return And(ref whole, OfType(value, schema))
            && And(ref whole, Among(value, schema))
            && And(ref whole, ByKind(value, schema, depth))
            && And(ref whole, Combined(value, schema, depth))
            ? whole
            : Verdict.Broken;
    }

    private Verdict ByKind(JsonElement value, JsonElement schema, int depth) => value.ValueKind switch
    {
        JsonValueKind.Object => Members(value, schema, depth),
        JsonValueKind.Array => Items(value, schema, depth),
        JsonValueKind.String => _strings.Judge(value, schema, out var rule) == Verdict.Broken ? Break(rule!) : Verdict.Satisfied,
        JsonValueKind.Number => NumberRules.FirstBroken(value, schema) is { } rule ? Break(rule) : Verdict.Satisfied,
        _ => Verdict.Satisfied,
    };

    private Verdict OfType(JsonElement value, JsonElement schema)
    {
        if (!schema.TryGetProperty("type", out var type) || SchemaTypes.Fits(value, type))
            return Verdict.Satisfied;
        return Break($"must be of type {SchemaTypes.Name(type)}");
    }

    private Verdict Among(JsonElement value, JsonElement schema)
    {
        if (schema.TryGetProperty("const", out var only) && Spend(Size(only)) && !JsonElement.DeepEquals(value, only))
            return Break("must be the value of 'const'");
        if (!schema.TryGetProperty("enum", out var choices) || choices.ValueKind != JsonValueKind.Array)
            return Verdict.Satisfied;

        foreach (var choice in choices.EnumerateArray())
        {
            if (!Spend(Size(choice)))
                return Verdict.Unknown;
            if (JsonElement.DeepEquals(value, choice))
                return Verdict.Satisfied;
        }

        return Break($"must be one of the {choices.GetArrayLength()} values of 'enum'");
    }

    private Verdict Members(JsonElement value, JsonElement schema, int depth)
    {
        if (ObjectRules.FirstBroken(value, schema, _spend) is { } rule)
            return Break(rule);

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
            if (!Spend(lookup))
                return Verdict.Unknown;

            var isKnown = hasProperties && properties.TryGetProperty(member.Name, out var own) && Judged(member, own);
            if (whole == Verdict.Broken)
                return At($".{(isKnown ? member.Name : "*")}");
            if (hasPatterns)
                isKnown |= MatchesPatterns(member);
            if (whole != Verdict.Broken && !isKnown && hasOthers)
                _ = others.ValueKind == JsonValueKind.False ? And(ref whole, Break("is not allowed by the schema")) : Judged(member, others);
            if (whole != Verdict.Broken && hasNames)
                And(ref whole, Judge(JsonElement.Parse(JsonEncoded(member.Name)), names, depth + 1));
            if (whole == Verdict.Broken)
                return At(".*");
        }

        return whole;

        bool Judged(JsonProperty member, JsonElement own)
        {
            And(ref whole, Judge(member.Value, own, depth + 1));
            return true;
        }

        bool MatchesPatterns(JsonProperty member)
        {
            var matches = false;
            foreach (var pattern in patterns.EnumerateObject())
            {
                var verdict = Spend(1) ? _strings.Matches(member.Name, pattern.Name) : Verdict.Unknown;
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
            return Break(rule);

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
            if ((isOwn || hasItems) && !And(ref whole, Judge(item, isOwn ? own.Current : items, depth + 1)))
                return At($"[{index}]");
            index++;
        }

        return whole;
    }

    private Verdict Combined(JsonElement value, JsonElement schema, int depth)
    {
        var whole = Verdict.Satisfied;
        if (TryGetArray(schema, "allOf", out var all))
        {
            foreach (var one in all.EnumerateArray())
            {
                if (!And(ref whole, Judge(value, one, depth + 1)))
                    return Verdict.Broken;
            }
        }

        if (TryGetArray(schema, "anyOf", out var any) && !And(ref whole, AnyOf(value, any, depth)))
            return Verdict.Broken;
        if (TryGetArray(schema, "oneOf", out var several) && !And(ref whole, OneOf(value, several, depth)))
            return Verdict.Broken;
        if (schema.TryGetProperty("not", out var not))
        {
            var verdict = Try(value, not, depth);
            if (verdict == Verdict.Satisfied)
                return Break("must not fit the schema of 'not'");
            And(ref whole, verdict == Verdict.Broken ? Verdict.Satisfied : Verdict.Unknown);
        }

        if (!schema.TryGetProperty("if", out var condition))
            return whole;

        var branch = Try(value, condition, depth) switch
        {
            Verdict.Satisfied => "then",
            Verdict.Broken => "else",
            _ => null,
        };
        if (branch is null)
            return Verdict.Unknown;
        if (schema.TryGetProperty(branch, out var consequence))
            And(ref whole, Judge(value, consequence, depth + 1));
        return whole;
    }

    private Verdict AnyOf(JsonElement value, JsonElement schemas, int depth)
    {
        var best = Verdict.Broken;
        foreach (var one in schemas.EnumerateArray())
        {
            var verdict = Try(value, one, depth);
            if (verdict > best)
                best = verdict;
            if (best == Verdict.Satisfied)
                return best;
        }

        return best == Verdict.Broken ? BreakAll(value, schemas, "anyOf", depth) : best;
    }

    private Verdict OneOf(JsonElement value, JsonElement schemas, int depth)
    {
        var (satisfied, unknown) = (0, 0);
        foreach (var one in schemas.EnumerateArray())
        {
            var verdict = Try(value, one, depth);
            satisfied += verdict == Verdict.Satisfied ? 1 : 0;
            unknown += verdict == Verdict.Unknown ? 1 : 0;
        }

        if (satisfied > 1)
            return Break("fits more than one schema of 'oneOf'");
        if (satisfied + unknown == 0)
            return BreakAll(value, schemas, "oneOf", depth);
        return unknown == 0 ? Verdict.Satisfied : Verdict.Unknown;
    }

    /// <summary>Says what is wrong by the only schema whose type fits, if there is such a one: the others were not meant.</summary>
    private Verdict BreakAll(JsonElement value, JsonElement schemas, string keyword, int depth)
    {
        JsonElement? meant = null;
        var count = 0;
        foreach (var one in schemas.EnumerateArray())
        {
            var isMeant = one.ValueKind == JsonValueKind.Object && (!one.TryGetProperty("type", out var type) || SchemaTypes.Fits(value, type));
            if (!isMeant)
                continue;
            meant = one;
            count++;
        }

        return count == 1 && _attempts == 0 && Judge(value, meant!.Value, depth + 1) == Verdict.Broken
            ? Verdict.Broken
            : Break($"must fit one of the {schemas.GetArrayLength()} schemas of '{keyword}'");
    }

    private Verdict Try(JsonElement value, JsonElement schema, int depth)
    {
        _attempts++;
        var verdict = Judge(value, schema, depth + 1);
        _attempts--;
        return verdict;
    }

    private Verdict Break(string rule)
    {
        if (_attempts == 0)
            _rule ??= rule;
        return Verdict.Broken;
    }

    /// <summary>Notes on the way up where the value is broken.</summary>
    private Verdict At(string step)
    {
        if (_attempts == 0)
            _path.Add(step);
        return Verdict.Broken;
    }

    private bool Spend(int steps) => (_steps -= steps) > 0;

    private static int Size(JsonElement element) => 1 + (JsonMarshal.GetRawUtf8Value(element).Length / BytesPerStep);

    private static bool And(ref Verdict whole, Verdict part)
    {
        if (part < whole)
            whole = part;
        return whole != Verdict.Broken;
    }

    private static string JsonEncoded(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static bool TryGetObject(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Object;

    private static bool TryGetArray(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0;
}

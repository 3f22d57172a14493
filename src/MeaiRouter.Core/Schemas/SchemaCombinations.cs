using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>Schemas made of others: <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c>, <c>not</c> and <c>if</c>.</summary>
/// <param name="progress">How far the check has come.</param>
/// <param name="judge">Judges a value by one schema, at a depth.</param>
internal sealed class SchemaCombinations(CheckProgress progress, Func<JsonElement, JsonElement, int, Verdict> judge)
{
    /// <summary>Whether the value satisfies the schemas that the schema combines; satisfied where it combines none.</summary>
    public Verdict Judge(JsonElement value, JsonElement schema, int depth)
    {
        var whole = Verdict.Satisfied;
        if (TryGetArray(schema, "allOf", out var all))
        {
            foreach (var one in all.EnumerateArray())
            {
                if (!whole.And(judge(value, one, depth + 1)))
                    return Verdict.Broken;
            }
        }

        if (TryGetArray(schema, "anyOf", out var any) && !whole.And(AnyOf(value, any, depth)))
            return Verdict.Broken;
        if (TryGetArray(schema, "oneOf", out var several) && !whole.And(OneOf(value, several, depth)))
            return Verdict.Broken;
        if (schema.TryGetProperty("not", out var not))
        {
            var verdict = Try(value, not, depth);
            if (verdict == Verdict.Satisfied)
                return progress.Break("must not fit the schema of 'not'");
            whole.And(verdict == Verdict.Broken ? Verdict.Satisfied : Verdict.Unknown);
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
            whole.And(judge(value, consequence, depth + 1));
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
            return progress.Break("fits more than one schema of 'oneOf'");
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

        return count == 1 && !progress.IsTrying && judge(value, meant!.Value, depth + 1) == Verdict.Broken
            ? Verdict.Broken
            : progress.Break($"must fit one of the {schemas.GetArrayLength()} schemas of '{keyword}'");
    }

    private Verdict Try(JsonElement value, JsonElement schema, int depth)
    {
        progress.BeginAttempt();
        var verdict = judge(value, schema, depth + 1);
        progress.EndAttempt();
        return verdict;
    }

    private static bool TryGetArray(JsonElement schema, string name, out JsonElement found) =>
        schema.TryGetProperty(name, out found) && found.ValueKind == JsonValueKind.Array && found.GetArrayLength() > 0;
}

using System.Text.Json;

namespace MeaiRouter.Schemas;

/// <summary>References from one part of a schema to another (<c>#/$defs/name</c>).</summary>
internal static class SchemaPointer
{
    /// <summary>What a <c>$ref</c> points to; <see langword="null"/> if it leaves the document or points to nothing.</summary>
    public static JsonElement? Resolve(JsonElement root, JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var pointer])
            return null;
        if (pointer.Length == 0)
            return root;
        if (pointer[0] != '/')
            return null;

        var current = root;
        foreach (var step in pointer[1..].Split('/'))
        {
            if (Next(current, Decoded(step)) is not { } next)
                return null;
            current = next;
        }

        return current;
    }

    private static JsonElement? Next(JsonElement current, string step) => current.ValueKind switch
    {
        JsonValueKind.Object when current.TryGetProperty(step, out var member) => member,
        JsonValueKind.Array when int.TryParse(step, out var index) && index >= 0 && index < current.GetArrayLength() => current[index],
        _ => null,
    };

    // RFC 6901, as a fragment: percent-encoded, then ~1 for / and ~0 for ~.
    private static string Decoded(string step) =>
        Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
}

using System.Text.Json;

namespace MeaiRouter.OpenAI.Errors;

/// <summary>A provider's own words, found in whatever stands where they should.</summary>
internal static class ErrorWords
{
    private const int Deepest = 4;
    private const int MostProblems = 5;

    private static readonly string[] Members = ["message", "msg", "detail", "error", "title", "reason"];

    /// <summary>The words in a value: a text, the message of an object, those of a list's items; <see langword="null"/> where there are none.</summary>
    public static string? Of(JsonElement value) => Of(value, Deepest);

    private static string? Of(JsonElement value, int depth) => value.ValueKind switch
    {
        JsonValueKind.String when value.GetString() is { Length: > 0 } text => text,
        JsonValueKind.Object when depth > 0 => OfObject(value, depth - 1),
        JsonValueKind.Array when depth > 0 => OfList(value, depth - 1),
        _ => null,
    };

    private static string? OfObject(JsonElement value, int depth)
    {
        foreach (var member in Members)
        {
            if (value.TryGetProperty(member, out var inner) && Of(inner, depth) is { } words)
                return Place(value) is { } place ? $"{place}: {words}" : words;
        }

        return null;
    }

    private static string? OfList(JsonElement list, int depth)
    {
        var words = list.EnumerateArray().Take(MostProblems).Select(item => Of(item, depth)).OfType<string>().ToList();
        return words.Count == 0 ? null : string.Join("; ", words);
    }

    // FastAPI's and Mistral's problems name the field as a path: {"loc":["body","messages",0],"msg":"Field required"}.
    private static string? Place(JsonElement problem) =>
        problem.TryGetProperty("loc", out var path) && path.ValueKind == JsonValueKind.Array && path.GetArrayLength() > 0
            ? string.Join('.', path.EnumerateArray().Select(static step => step.ToString()))
            : null;
}

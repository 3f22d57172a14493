using System.Text.Json;
using MeaiRouter.Mending;

namespace MeaiRouter.Normalization.Structured;

/// <summary>A way to read an answer as JSON.</summary>
/// <param name="Text">The JSON.</param>
/// <param name="Json">The same, read.</param>
/// <param name="Flaws">What had to be mended, in words.</param>
internal readonly record struct JsonReading(string Text, JsonElement Json, string Flaws);

/// <summary>The ways to read an answer as JSON, the likeliest first.</summary>
internal static class JsonReadings
{
    private const string Fence = "```";

    /// <param name="text">The answer's text.</param>
    /// <param name="mayClose">Whether the answer is known not to be cut, so that brackets missing at its end may be added.</param>
    public static List<JsonReading> Of(string text, bool mayClose)
    {
        var readings = new List<JsonReading>();
        if (LooseJson.TryParse(text, out var json))
        {
            readings.Add(new(text, json, ""));

            // JSON within a string, as those write it who serialize twice.
            if (json.ValueKind == JsonValueKind.String)
                Add(readings, LooseJson.Text(json), "a string around it");
            return readings;
        }

        // Between several, the longest is the answer and the others are quoted beside it.
        foreach (var found in JsonMender.Find(text).OrderByDescending(found => found.Text.Length))
        {
            if (found.IsClosed || mayClose)
                Add(readings, found.Text, found.FlawsInWords);
        }

        if (readings.Count == 0)
            Add(readings, Unfenced(text), "text around it");
        return readings;
    }

    private static void Add(List<JsonReading> readings, string text, string flaws)
    {
        if (LooseJson.TryParse(text, out var json))
            readings.Add(new(text, json, flaws));
    }

    private static string Unfenced(string text)
    {
        var trimmed = text.Trim().Trim('\uFEFF');
        if (!trimmed.StartsWith(Fence, StringComparison.Ordinal) || !trimmed.EndsWith(Fence, StringComparison.Ordinal))
            return trimmed;

        var line = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return line < 0 || line > trimmed.Length - Fence.Length ? "" : trimmed[line..^Fence.Length].Trim();
    }
}

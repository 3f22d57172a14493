using System.Text.Json;

namespace MeaiRouter.Mending;

/// <summary>Reads JSON without throwing.</summary>
internal static class LooseJson
{
    /// <summary>Whether a text is JSON as it stands, escapes that are half a character excepted: nobody could read those.</summary>
    public static bool TryParse(string text, out JsonElement json)
    {
        json = default;
        if (HasHalfCharacter(text))
            return false;

        try
        {
            json = JsonElement.Parse(text);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // The latter where the text itself holds half of a character.
            return false;
        }
    }

    /// <summary>The text of a JSON string.</summary>
    public static string Text(JsonElement json) => json.GetString() ?? "";

    private static bool HasHalfCharacter(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('\\'); at >= 0;)
        {
            var length = 2;
            if (LooseStrings.Unit(text[at..]) is { } unit && char.IsSurrogate(unit))
            {
                if (!char.IsHighSurrogate(unit) || LooseStrings.Unit(text[(at + 6)..]) is not { } low || !char.IsLowSurrogate(low))
                    return true;
                length = 12;
            }

            var from = Math.Min(at + length, text.Length);
            var next = text[from..].IndexOf('\\');
            at = next < 0 ? -1 : from + next;
        }

        return false;
    }
}

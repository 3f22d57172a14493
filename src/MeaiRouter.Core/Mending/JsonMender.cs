namespace MeaiRouter.Mending;

/// <summary>Finds JSON in what a model wrote, and makes it valid: fences and prose around it, commas, quotes, comments and the like.</summary>
/// <remarks>
/// It takes time in proportion to the text and never throws. What it cannot read as the JSON that was certainly meant it leaves alone:
/// above all it never makes the half of a value look like a whole one, see <see cref="MendedJson.IsClosed"/>.
/// </remarks>
internal static class JsonMender
{
    /// <summary>The longest text that is looked at, in characters.</summary>
    public const int LongestText = 4_000_000;

    private const int MostValues = 16;

    // Each bracket in prose may be the beginning of the JSON, and is tried; together they may cost this many readings of the text.
    private const int MostReadings = 8;
    private const int LeastReading = 1_000;

    /// <summary>The objects and arrays in a text, in their order.</summary>
    public static List<MendedJson> Find(ReadOnlySpan<char> text)
    {
        var found = new List<MendedJson>();
        if (text.Length > LongestText)
            return found;

        var left = (MostReadings * (long)text.Length) + LeastReading;
        for (var from = 0; found.Count < MostValues && left > 0;)
        {
            var offset = text[from..].IndexOfAny('{', '[');
            if (offset < 0)
                break;

            var start = from + offset;
            var reader = new LooseJsonReader(text, start);
            var outcome = reader.ReadValue();
            left -= reader.Position - start;
            if (outcome is LooseOutcome.Whole or LooseOutcome.Unclosed)
            {
                found.Add(new MendedJson(reader.Json, reader.Flaws, outcome == LooseOutcome.Whole, start, reader.Position));
                from = reader.Position;
            }
            else if (outcome == LooseOutcome.Cut || reader.IsCertainlyJson)
            {
                // What stands inside of JSON that is cut or cannot be read is not what was meant.
                break;
            }
            else
            {
                from = start + 1;
            }
        }

        return found.Count == 0 ? found : WithSurroundings(text, found);
    }

    private static List<MendedJson> WithSurroundings(ReadOnlySpan<char> text, List<MendedJson> found)
    {
        for (var i = 0; i < found.Count; i++)
        {
            var isAlone = IsFiller(text[..found[i].Start]) && IsFiller(text[found[i].End..]);
            if (!isAlone)
                found[i] = found[i] with { Flaws = found[i].Flaws | JsonFlaws.Surroundings };
        }

        return found;
    }

    private static bool IsFiller(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is not (' ' or '\t' or '\r' or '\n'))
                return false;
        }

        return true;
    }
}

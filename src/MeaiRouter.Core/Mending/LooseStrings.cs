using System.Globalization;
using System.Text;

namespace MeaiRouter.Mending;

/// <summary>Strings in quotes of any kind, with what JSON does not allow in them.</summary>
internal static class LooseStrings
{
    private const char Replacement = '\uFFFD';

    /// <summary>The quote that ends what a character begins; NUL if the character is no quote.</summary>
    public static char CloserOf(char opener) => opener switch
    {
        '"' or '\'' or '`' => opener,
        '\u201C' or '\u201E' or '\u201D' => '\u201D',
        '\u2018' or '\u2019' => '\u2019',
        _ => '\0',
    };

    /// <summary>Writes the string that begins at a position.</summary>
    /// <returns>The position after it; -1 if the text ends within it.</returns>
    public static int Read(ReadOnlySpan<char> text, int start, StringBuilder json, out JsonFlaws flaws)
    {
        var opener = text[start];
        var closer = CloserOf(opener);
        flaws = opener == '"' ? JsonFlaws.None : JsonFlaws.Quotes;
        json.Append('"');
        var position = start + 1;
        while (position < text.Length)
        {
            var c = text[position];
            if (IsCloser(c, opener, closer) && EndsHere(text[(position + 1)..]))
            {
                json.Append('"');
                return position + 1;
            }

            if (c == '\\')
            {
                position = ReadEscape(text, position, json, ref flaws);
                continue;
            }

            position += Write(text, position, json, ref flaws);
        }

        return -1;
    }

    // A low quote of German is closed by the high one of English, and any curly one by a straight one.
    private static bool IsCloser(char c, char opener, char closer) =>
        c == closer || (opener == '\u201E' && c == '\u201C') || (opener > '\u2000' && c is '"' or '\'' && (c == '"') == (closer == '\u201D'));

    /// <summary>Whether a quote ends its string: what follows is what may follow a string. Otherwise it is a quote within it.</summary>
    private static bool EndsHere(ReadOnlySpan<char> rest)
    {
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (c is '\n' or ',' or '}' or ']' or ':')
                return true;
            if (!char.IsWhiteSpace(c))
                return c == '#' || (c == '/' && i + 1 < rest.Length && rest[i + 1] is '/' or '*');
        }

        return true;
    }

    private static int Write(ReadOnlySpan<char> text, int position, StringBuilder json, ref JsonFlaws flaws)
    {
        var c = text[position];
        if (c == '"')
        {
            flaws |= JsonFlaws.Quotes;
            json.Append("\\\"");
        }
        else if (c < ' ')
        {
            flaws |= JsonFlaws.Escapes;
            WriteControl(c, json);
        }
        else if (!char.IsSurrogate(c))
        {
            json.Append(c);
        }
        else if (position + 1 < text.Length && char.IsSurrogatePair(c, text[position + 1]))
        {
            json.Append(c).Append(text[position + 1]);
            return 2;
        }
        else
        {
            flaws |= JsonFlaws.Escapes;
            json.Append(Replacement);
        }

        return 1;
    }

    private static void WriteControl(char c, StringBuilder json)
    {
        if (c == '\n')
            json.Append("\\n");
        else if (c == '\t')
            json.Append("\\t");
        else if (c == '\r')
            json.Append("\\r");
        else
            json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
    }

    /// <returns>The position after the escape.</returns>
    private static int ReadEscape(ReadOnlySpan<char> text, int position, StringBuilder json, ref JsonFlaws flaws)
    {
        if (position + 1 >= text.Length)
            return text.Length;

        switch (text[position + 1])
        {
            case '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't':
                json.Append(text.Slice(position, 2));
                return position + 2;
            case 'u' when Hex(text, position + 2, 4) is { } unit:
                return ReadUnit(text, position, (char)unit, json, ref flaws);
            case 'x' when Hex(text, position + 2, 2) is { } unit:
                flaws |= JsonFlaws.Escapes;
                json.Append(CultureInfo.InvariantCulture, $"\\u{unit:x4}");
                return position + 4;
            case '\'' or '`':
                flaws |= JsonFlaws.Escapes;
                json.Append(text[position + 1]);
                return position + 2;
            case '\n':
                flaws |= JsonFlaws.Escapes;
                json.Append("\\n");
                return position + 2;
            default:
                // A backslash of a path or of a formula.
                flaws |= JsonFlaws.Escapes;
                json.Append("\\\\");
                return position + 1;
        }
    }

    private static int ReadUnit(ReadOnlySpan<char> text, int position, char unit, StringBuilder json, ref JsonFlaws flaws)
    {
        var next = position + 6;
        if (!char.IsSurrogate(unit))
        {
            json.Append(text[position..next]);
            return next;
        }

        if (char.IsHighSurrogate(unit) && Unit(text[next..]) is { } low && char.IsLowSurrogate(low))
        {
            json.Append(text[position..(next + 6)]);
            return next + 6;
        }

        flaws |= JsonFlaws.Escapes;
        json.Append(Replacement);
        return next;
    }

    /// <summary>The UTF-16 unit that an escape (<c>\u0041</c>) at the beginning of a text stands for; <see langword="null"/> if there is none.</summary>
    public static char? Unit(ReadOnlySpan<char> escape) => escape.StartsWith("\\u") && Hex(escape, 2, 4) is { } unit ? (char)unit : null;

    private static int? Hex(ReadOnlySpan<char> text, int start, int digits) =>
        start + digits <= text.Length
        && int.TryParse(text.Slice(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? unit
            : null;
}

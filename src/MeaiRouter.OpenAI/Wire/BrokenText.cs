using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>
/// JSON whose strings are no Unicode: bytes that are not UTF-8, and halves of surrogate pairs. The framework's reader takes both and
/// throws when the string is asked for.
/// </summary>
/// <remarks>
/// Providers that cut a stream between tokens can cut a character in two: one chunk ends with the first half and the next begins with
/// the other. <see cref="GetString"/> keeps such halves, so that the text is right again when the pieces are joined.
/// </remarks>
internal static class BrokenText
{
    private const int EscapeLength = 6; // \uXXXX
    private const int DigitsOffset = 2;
    private const int DigitsLength = 4;
    private const NumberStyles Hex = NumberStyles.AllowHexSpecifier;

    /// <summary>The same JSON with a replacement character for everything that is no character.</summary>
    /// <param name="utf8Json">The JSON; returned itself where nothing is broken, which is nearly always.</param>
    /// <param name="hasHalves">Whether it held a half of a surrogate pair.</param>
    public static ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> utf8Json, out bool hasHalves)
    {
        if (!Utf8.IsValid(utf8Json))
            utf8Json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(utf8Json));

        byte[]? repaired = null;
        for (var i = utf8Json.IndexOf("\\u"u8) < 0 ? -1 : NextEscape(utf8Json, 0); i >= 0;)
        {
            var next = i + DigitsOffset;
            if (CodeUnit(utf8Json, i) is { } unit)
            {
                next = i + EscapeLength;
                if (char.IsHighSurrogate(unit) && CodeUnit(utf8Json, next) is { } second && char.IsLowSurrogate(second))
                    next += EscapeLength;
                else if (char.IsSurrogate(unit))
                    "\\ufffd"u8.CopyTo((repaired ??= utf8Json.ToArray()).AsSpan(i));
            }

            i = NextEscape(utf8Json, next);
        }

        hasHalves = repaired is not null;
        return repaired ?? utf8Json;
    }

    /// <summary>The reader's string, halves included.</summary>
    public static string? GetString(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static int NextEscape(ReadOnlySpan<byte> json, int start)
    {
        if (start >= json.Length)
            return -1;
        var offset = json[start..].IndexOf((byte)'\\');
        return offset < 0 ? -1 : start + offset;
    }

    private static char? CodeUnit(ReadOnlySpan<byte> json, int start) =>
        start + EscapeLength <= json.Length && json[start..].StartsWith("\\u"u8)
            && ushort.TryParse(json.Slice(start + DigitsOffset, DigitsLength), Hex, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    // The reader has checked that every backslash begins a complete escape.
    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
            }
            else if (escaped[i + 1] == 'u')
            {
                text.Append((char)ushort.Parse(escaped.AsSpan(i + DigitsOffset, DigitsLength), Hex, CultureInfo.InvariantCulture));
                i += EscapeLength - 1;
            }
            else
            {
                i++;
                text.Append(escaped[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return text.ToString();
    }
}

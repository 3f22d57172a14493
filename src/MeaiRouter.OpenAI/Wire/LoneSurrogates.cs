using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>
/// Providers that cut a stream between tokens can cut a character in two: one chunk ends with the first half of an escaped surrogate
/// pair and the next begins with the other. The framework's reader refuses both; here each half stays what it is, so that the text
/// is right again when the pieces are joined.
/// </summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 4;

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

    // The reader has checked that every backslash begins a complete escape.
    private static string Unescape(string escaped)
    {
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            if (escaped[i] == 'u')
            {
                text.Append((char)int.Parse(escaped.AsSpan(i + 1, EscapeLength), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += EscapeLength;
            }
            else
            {
                text.Append(escaped[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return text.ToString();
    }
}

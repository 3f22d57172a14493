using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MeaiRouter.Mending;

/// <summary>Literals and numbers as JavaScript and Python write them.</summary>
internal static class LooseWords
{
    private const int LongestNumber = 64;

    /// <summary>The literal of JSON that a word stands for; <see langword="null"/> if it stands for none.</summary>
    public static string? Literal(ReadOnlySpan<char> word) => word switch
    {
        "true" or "True" or "TRUE" => "true",
        "false" or "False" or "FALSE" => "false",
        "null" or "None" or "Null" or "NULL" or "undefined" => "null",
        "NaN" or "nan" or "Infinity" or "-Infinity" or "+Infinity" => "null",
        _ => null,
    };

    /// <summary>The number as JSON writes it; <see langword="null"/> if it is none.</summary>
    /// <remarks>Leading zeros are those of a code, such as a postal one: it becomes a string.</remarks>
    public static string? Number(ReadOnlySpan<char> word)
    {
        if (IsNumber(word))
            return word.ToString();
        if (word.Length > LongestNumber)
            return null;
        if (word.Length > 1 && word[0] == '0' && !word.ContainsAnyExceptInRange('0', '9'))
            return $"\"{word}\"";

        var tidy = word.ToString().Replace("_", "", StringComparison.Ordinal);
        if (tidy.StartsWith('+'))
            tidy = tidy[1..];
        if (tidy.StartsWith('.'))
            tidy = "0" + tidy;
        else if (tidy.StartsWith("-.", StringComparison.Ordinal))
            tidy = "-0" + tidy[1..];
        if (tidy.EndsWith('.'))
            tidy += "0";
        return IsNumber(tidy) ? tidy : null;
    }

    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        if (word is not ['-' or (>= '0' and <= '9'), ..])
            return false;

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(word.Length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, Encoding.UTF8.GetBytes(word, bytes)));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

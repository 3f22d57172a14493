using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace MeaiRouter.Testing;

/// <summary>Splits texts into the pieces that a stream carries one by one; joined, they are the text again.</summary>
internal static partial class Pieces
{
    private const int FragmentLength = 8;

    /// <summary>Each word with the white space before it.</summary>
    public static ImmutableArray<string> Words(string text) => [.. Word().Matches(text).Select(static m => m.Value)];

    /// <summary>Pieces of eight characters, as tool arguments come: without regard for words or JSON, but never half a character.</summary>
    public static ImmutableArray<string> Fragments(string text)
    {
        var fragments = ImmutableArray.CreateBuilder<string>();
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(FragmentLength, text.Length - start);
            if (char.IsHighSurrogate(text[start + length - 1]) && start + length < text.Length)
                length++;
            fragments.Add(text.Substring(start, length));
            start += length;
        }

        return fragments.DrainToImmutable();
    }

    [GeneratedRegex(@"\s*\S+|\s+$", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

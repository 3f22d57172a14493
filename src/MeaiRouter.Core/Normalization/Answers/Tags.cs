namespace MeaiRouter.Normalization.Answers;

/// <summary>Tags of which a piece of text may hold only the beginning.</summary>
internal static class Tags
{
    /// <summary>How many characters at the end of a text may be the beginning of a tag, case aside.</summary>
    public static int PartialLength(ReadOnlySpan<char> text, ReadOnlySpan<char> tag)
    {
        for (var length = Math.Min(text.Length, tag.Length - 1); length > 0; length--)
        {
            if (tag.StartsWith(text[^length..], StringComparison.OrdinalIgnoreCase))
                return length;
        }

        return 0;
    }
}

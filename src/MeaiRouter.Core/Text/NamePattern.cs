namespace MeaiRouter.Text;

/// <summary>Matches names against patterns in which <c>*</c> stands for any run of characters, without regard to case.</summary>
internal static class NamePattern
{
    public static bool MatchesAny(string name, IReadOnlyList<string> patterns)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (Matches(name, patterns[i]))
                return true;
        }

        return false;
    }

    public static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        // Only the last star seen can still need to take more: the earlier ones took the least that fits.
        var (n, p) = (0, 0);
        var (star, resume) = (-1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(name[n]))
            {
                n++;
                p++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}

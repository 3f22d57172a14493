namespace MeaiRouter.Catalog;

/// <summary>Finds what somebody probably meant, for error messages that name the remedy.</summary>
public static class NearestNames
{
    // Beyond this share of differing characters a suggestion confuses more than it helps.
    private const int LongestSharePerEdit = 3;

    /// <summary>The candidates most like <paramref name="name"/>, nearest first, ignoring case.</summary>
    /// <param name="name">The name that was not found.</param>
    /// <param name="candidates">The names that exist.</param>
    /// <param name="max">How many to return at most.</param>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> candidates, int max = 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);

        return [.. candidates
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(c => c.Distance <= Math.Max(2, c.Name.Length / LongestSharePerEdit)
                || SamePart(name, c.Name))
            .OrderBy(c => c.Distance)
            .ThenBy(c => c.Name, StringComparer.OrdinalIgnoreCase)
            .Take(max)
            .Select(c => c.Name)];
    }

    /// <summary>A sentence such as <c> Did you mean 'a' or 'b'?</c>, with a leading space; empty if nothing is near.</summary>
    /// <param name="name">The name that was not found.</param>
    /// <param name="candidates">The names that exist.</param>
    public static string Hint(string name, IEnumerable<string> candidates) => To(name, candidates) switch
    {
        [] => "",
        [var only] => $" Did you mean '{only}'?",
        var several => $" Did you mean '{string.Join("', '", several.SkipLast(1))}' or '{several[^1]}'?",
    };

    // 'small' should find 'acme/small', and 'acme/small-2' too.
    private static bool SamePart(string name, string candidate)
    {
        var slug = name[(name.LastIndexOf('/') + 1)..];
        return slug.Length > 2 && candidate.Contains(slug, StringComparison.OrdinalIgnoreCase);
    }

    // Levenshtein's edit distance, one row at a time.
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = diagonal + (char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}

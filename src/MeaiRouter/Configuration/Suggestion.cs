using MeaiRouter.Catalog;

namespace MeaiRouter.Configuration;

/// <summary>What to say to somebody who wrote a name that does not exist.</summary>
internal static class Suggestion
{
    // A catalogue may hold hundreds of models; a message that lists them all helps nobody.
    private const int MostNamesListed = 12;

    /// <summary>The sentence to append, beginning with a space: the nearest known names, else the first known ones, else nothing.</summary>
    public static string For(string name, IReadOnlyCollection<string> known)
    {
        var hint = NearestNames.Hint(name, known);
        if (hint.Length > 0 || known.Count == 0)
            return hint;

        var listed = string.Join(", ", known.Take(MostNamesListed));
        return known.Count > MostNamesListed ? $" Known: {listed}, ..." : $" Known: {listed}.";
    }
}

namespace MeaiRouter.Catalog;

/// <summary>A catalogue file was refused as a whole.</summary>
public sealed class CatalogImportException : Exception
{
    private const int ShownProblems = 3;

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Why the file was refused.</param>
    /// <param name="problems">What was wrong with its entries; <see langword="null"/> if it did not come to that.</param>
    /// <param name="innerException">What the reader said; <see langword="null"/> if nothing.</param>
    public CatalogImportException(string message, IReadOnlyList<CatalogProblem>? problems = null, Exception? innerException = null)
        : base(message + Shown(problems), innerException)
    {
        Problems = problems ?? [];
    }

    /// <summary>What was wrong with the entries.</summary>
    public IReadOnlyList<CatalogProblem> Problems { get; }

    private static string Shown(IReadOnlyList<CatalogProblem>? problems)
    {
        var errors = (problems ?? []).Where(problem => problem.Kind == CatalogProblemKind.Error).Take(ShownProblems).ToArray();
        return errors.Length == 0 ? "" : " " + string.Join(" ", errors.Select(problem => problem.ToString()));
    }
}

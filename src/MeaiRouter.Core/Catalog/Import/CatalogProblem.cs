namespace MeaiRouter.Catalog;

/// <summary>Something an import did not take over as it stands.</summary>
/// <param name="Kind">How much it took away.</param>
/// <param name="Path">Where in the file, such as <c>data[3].pricing.prompt</c>.</param>
/// <param name="Message">What is the matter and what was done about it.</param>
public sealed record CatalogProblem(CatalogProblemKind Kind, string Path, string Message)
{
    /// <summary>The path and the message.</summary>
    public override string ToString() => $"{Path} {Message}";
}

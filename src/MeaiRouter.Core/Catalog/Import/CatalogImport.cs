namespace MeaiRouter.Catalog;

/// <summary>What an import found.</summary>
/// <param name="Models">The models, in the order of the file. An entry that is wrong is not among them.</param>
/// <param name="Problems">What was not taken over as it stands, in the order of the file.</param>
public sealed record CatalogImport(IReadOnlyList<Model> Models, IReadOnlyList<CatalogProblem> Problems)
{
    /// <summary>The models as a part to merge.</summary>
    /// <param name="name">The name of the source, for messages.</param>
    public CatalogContribution ToContribution(string name) => new(name, CatalogOrigin.Import, Models);
}

namespace MeaiRouter.Catalog;

/// <summary>The catalogue at one moment. Whoever plans a request takes one and uses it to the end.</summary>
/// <param name="Catalog">The models.</param>
/// <param name="Version">1 for the first, and one more with every change.</param>
/// <param name="TakenAt">When it came into force.</param>
public sealed record CatalogSnapshot(ModelCatalog Catalog, long Version, DateTimeOffset TakenAt);

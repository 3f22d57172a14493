using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>A layer inside the router whose options may name what is in the catalogue, found through <c>GetService</c>.</summary>
internal interface ICatalogUser
{
    /// <summary>Compares the names with the catalogue, when the pipeline is built.</summary>
    /// <param name="catalog">The catalogue.</param>
    /// <param name="providers">The providers that the pipeline can call, whether or not they serve anything yet.</param>
    /// <exception cref="ArgumentException">A name is not in it.</exception>
    void Check(ModelCatalog catalog, IReadOnlyList<string> providers);
}

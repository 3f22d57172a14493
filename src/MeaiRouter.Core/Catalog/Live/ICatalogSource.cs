namespace MeaiRouter.Catalog;

/// <summary>A source of models that may say something else later: a file, a database, a list somewhere.</summary>
/// <remarks>Give <see cref="LiveCatalog"/> an implementation of your own for a source it does not know.</remarks>
public interface ICatalogSource
{
    /// <summary>The last good word of the source. Must be cheap, safe to ask from any thread, and never throw.</summary>
    CatalogContribution Current { get; }

    /// <summary>Why the source's newest state is not in <see cref="Current"/>; <see langword="null"/> if it is.</summary>
    string? LastError { get; }

    /// <summary>Raised after <see cref="Current"/> has changed.</summary>
    event EventHandler? Changed;
}

namespace MeaiRouter.Catalog;

/// <summary>How much a <see cref="CatalogProblem"/> took away.</summary>
public enum CatalogProblemKind
{
    /// <summary>The entry is there, but something about it could not be carried over or deserves a second look.</summary>
    Note,

    /// <summary>The entry was left out on purpose: it is not a chat model, or its model is there already.</summary>
    Skipped,

    /// <summary>The entry was left out because it is wrong.</summary>
    Error,
}

namespace MeaiRouter.Catalog;

/// <summary>A source that never changes, such as models given in code.</summary>
/// <param name="contribution">What it says.</param>
public sealed class FixedCatalogSource(CatalogContribution contribution) : ICatalogSource
{
    /// <inheritdoc/>
    public event EventHandler? Changed
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public CatalogContribution Current { get; } = contribution ?? throw new ArgumentNullException(nameof(contribution));

    /// <inheritdoc/>
    public string? LastError => null;
}

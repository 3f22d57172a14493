namespace MeaiRouter.Catalog;

/// <summary>Tells what came into force.</summary>
/// <param name="snapshot">The new snapshot.</param>
public sealed class CatalogChangedEventArgs(CatalogSnapshot snapshot) : EventArgs
{
    /// <summary>The new snapshot. Of two events the one with the greater version is the newer, in whatever order they arrive.</summary>
    public CatalogSnapshot Snapshot { get; } = snapshot;
}

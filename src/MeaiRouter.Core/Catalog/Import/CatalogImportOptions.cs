namespace MeaiRouter.Catalog;

/// <summary>When to distrust a catalogue file as a whole.</summary>
public sealed record CatalogImportOptions
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The fewest models a file must yield.</summary>
    /// <value>Default: 1. Set it near what the file usually holds, and a truncated list is noticed.</value>
    public int MinModels { get; init; } = 1;

    /// <summary>The percentage of entries that may be wrong.</summary>
    /// <value>Default: 50.</value>
    public int MaxBrokenPercent { get; init; } = 50;

    /// <summary>The largest file that is read, in bytes.</summary>
    /// <value>Default: 64 MiB.</value>
    public int MaxBytes { get; init; } = 64 * Mebibyte;

    /// <summary>The day on which the file was fetched, which the price sources carry.</summary>
    /// <value>Default: unknown.</value>
    public DateOnly? AsOf { get; init; }
}

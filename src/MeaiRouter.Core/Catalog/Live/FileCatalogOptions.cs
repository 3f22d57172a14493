namespace MeaiRouter.Catalog;

/// <summary>How a catalogue file is watched.</summary>
public sealed record FileCatalogOptions
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>How often the file is read again.</summary>
    /// <value>Default: 30 seconds. <see cref="Timeout.InfiniteTimeSpan"/> for never, unless <see cref="FileCatalogSource.Reload"/> is called.</value>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest file that is read, in bytes.</summary>
    /// <value>Default: 64 MiB.</value>
    public int MaxBytes { get; init; } = 64 * Mebibyte;

    /// <summary>Whether its models only complete those of others, above all with prices, and cannot be asked for themselves.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool OnlyCompletes { get; init; }

    /// <summary>A file that holds less than this percentage of the models it held before is refused as truncated.</summary>
    /// <value>Default: 50; 0 takes any.</value>
    public int MinKeptPercent { get; init; } = 50;
}

namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>Where and how the journal is kept.</summary>
public sealed record JournalOptions
{
    /// <summary>The directory of the journal, on a local disk; created if missing. One process at a time has it open.</summary>
    public required string Directory { get; init; }

    /// <summary>
    /// How long a written record may wait to be flushed to the device. A written record survives the death of the process in any case; a flushed
    /// one survives loss of power. Zero flushes before <see cref="LedgerJournal.AppendAsync"/> returns; records that wait together share one flush.
    /// </summary>
    /// <value>Default: 100 ms.</value>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The size at which a file of the journal is closed and the next one begun; the unit in which disk space is given back.</summary>
    /// <value>Default: 64 MiB.</value>
    public long SegmentBytes { get; init; } = 64 << 20;

    /// <summary>What becomes of a request whose record cannot be written.</summary>
    /// <value>Default: <see cref="DiskFailureAction.Refuse"/>.</value>
    public DiskFailureAction OnDiskFailure { get; init; }

    /// <summary>How long a file of the journal is kept after all its records have been projected.</summary>
    /// <value>Default: zero; it is deleted at once.</value>
    public TimeSpan KeepProjected { get; init; }

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        ArgumentOutOfRangeException.ThrowIfLessThan(FlushInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepProjected, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, JournalFormat.SegmentHeader + 1);
    }
}

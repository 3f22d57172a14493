using MeaiRouter.EntityFrameworkCore.Journal;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>What one transaction takes over from a journal.</summary>
/// <param name="Journal">The journal's id.</param>
/// <param name="Expected">The position the database must hold for the batch to apply; <see langword="null"/> for none.</param>
/// <param name="To">The position behind the last record.</param>
/// <param name="Records">The records.</param>
internal sealed record ProjectionBatch(string Journal, JournalPosition? Expected, JournalPosition To, IReadOnlyList<ProjectedRecord> Records)
{
    public IEnumerable<ProjectedRecord> Readable => Records.Where(record => record.Record is not null);

    public IEnumerable<ProjectedRecord> Unreadable => Records.Where(record => record.Record is null);
}

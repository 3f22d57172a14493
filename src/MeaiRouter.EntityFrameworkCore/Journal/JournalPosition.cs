namespace MeaiRouter.EntityFrameworkCore.Journal;

/// <summary>A place between two records of a journal.</summary>
/// <param name="Sequence">How many records of the journal's whole life stand before it.</param>
/// <param name="Segment">The file, by the sequence of its first record.</param>
/// <param name="Offset">The byte in that file.</param>
public readonly record struct JournalPosition(long Sequence, long Segment, long Offset);

namespace MeaiRouter.EntityFrameworkCore.Projection;

/// <summary>How far the database is behind the journal.</summary>
/// <param name="Records">Records not yet taken over.</param>
/// <param name="Bytes">Their size in the journal.</param>
/// <param name="Age">How long the oldest of them has been waiting.</param>
/// <param name="Error">What keeps the database from taking them over; <see langword="null"/> while nothing does.</param>
public readonly record struct LedgerLag(long Records, long Bytes, TimeSpan Age, string? Error);

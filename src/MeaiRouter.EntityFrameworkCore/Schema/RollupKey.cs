using MeaiRouter.Costs;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>
/// What a row of the rollups is about. Seconds are the length of its time, <see cref="Hour"/> or <see cref="Day"/>; it starts at a moment in Unix
/// milliseconds. What is unknown is the empty string, because keys of tables hold no null; so is the tag of the row that counts every request
/// once, whatever its tags.
/// </summary>
internal readonly record struct RollupKey(
    long Seconds, long StartedAt, string Tag, string Model, string Provider, string Endpoint, string Key, string User) : IComparable<RollupKey>
{
    public const long Hour = 3_600;
    public const long Day = 86_400;

    /// <summary>The characters of a name by which it is told from others.</summary>
    public const int LongestName = 140;

    public static RollupKey Of(GenerationRecord record, AttemptRecord? attempt, long seconds, string tag) => new(
        seconds,
        Start(record.CreatedAt.ToUnixTimeMilliseconds(), seconds * 1_000),
        Clipped(tag),
        Clipped(attempt is null ? record.RequestedModel : attempt.Model),
        Clipped(attempt?.Provider),
        Clipped(attempt?.Endpoint),
        Clipped(record.Key),
        Clipped(record.User));

    /// <summary>The same of the requests with a tag.</summary>
    public RollupKey Tagged(string tag) => this with { Tag = Clipped(tag) };

    /// <summary>The day that an hour is part of.</summary>
    public RollupKey ToDay() => this with { Seconds = Day, StartedAt = Start(StartedAt, Day * 1_000) };

    // Several writers to one database touch the rows in one order, so that none waits for another in a circle.
    public int CompareTo(RollupKey other)
    {
        var order = Seconds.CompareTo(other.Seconds);
        order = order != 0 ? order : StartedAt.CompareTo(other.StartedAt);
        order = order != 0 ? order : string.CompareOrdinal(Tag, other.Tag);
        order = order != 0 ? order : string.CompareOrdinal(Model, other.Model);
        order = order != 0 ? order : string.CompareOrdinal(Provider, other.Provider);
        order = order != 0 ? order : string.CompareOrdinal(Endpoint, other.Endpoint);
        order = order != 0 ? order : string.CompareOrdinal(Key, other.Key);
        return order != 0 ? order : string.CompareOrdinal(User, other.User);
    }

    // PostgreSQL indexes keys of up to 2,704 bytes; six names of at most 3 x 140 bytes stay below.
    private static string Clipped(string? name) => name is null ? "" : name.Length <= LongestName ? name : name[..LongestName];

    private static long Start(long unixMilliseconds, long length) => unixMilliseconds - (((unixMilliseconds % length) + length) % length);
}

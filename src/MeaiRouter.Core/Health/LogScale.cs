namespace MeaiRouter.Health;

/// <summary>Bins whose width grows with the value, so that percentiles from counts are right within 6 % anywhere between 1/256 and 4096 units.</summary>
internal static class LogScale
{
    public const int Bins = 20 * PerOctave;

    private const int PerOctave = 6;
    private const int OctavesBelowOne = 8;

    public static int BinOf(double value) =>
        value > 0 ? (int)Math.Clamp(Math.Floor((Math.Log2(value) + OctavesBelowOne) * PerOctave), 0, Bins - 1) : 0;

    /// <summary>The percentiles of the counted values; <see langword="null"/> if none was counted.</summary>
    public static Percentiles? Percentiles(ReadOnlySpan<int> counts, bool moreIsBetter)
    {
        var total = 0L;
        foreach (var count in counts)
            total += count;
        if (total == 0)
            return null;

        return moreIsBetter
            ? new(At(counts, total, 0.5), At(counts, total, 0.25), At(counts, total, 0.1), At(counts, total, 0.01))
            : new(At(counts, total, 0.5), At(counts, total, 0.75), At(counts, total, 0.9), At(counts, total, 0.99));
    }

    private static double At(ReadOnlySpan<int> counts, long total, double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        var bin = 0;
        for (var seen = (long)counts[0]; seen < rank; seen += counts[bin])
            bin++;
        return Math.Pow(2, ((bin + 0.5) / PerOctave) - OctavesBelowOne);
    }
}

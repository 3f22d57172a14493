namespace MeaiRouter.Fallback;

/// <summary>How long a stream that has shown content is held back.</summary>
/// <param name="Time">The clock.</param>
/// <param name="Longest">The time from the first content; infinite for no bound.</param>
/// <param name="Characters">Characters of output that end it earlier.</param>
/// <param name="Idle">The silence after which a stream counts as stalled.</param>
internal readonly record struct HoldWindow(TimeProvider Time, TimeSpan Longest, int Characters, TimeSpan Idle)
{
    /// <summary>The same clock and the same silence without any window.</summary>
    public HoldWindow Closed => this with { Longest = TimeSpan.Zero };

    /// <summary>Whether a stream can stall before the window has closed.</summary>
    public bool MayStall => Idle != Timeout.InfiniteTimeSpan && (Longest == Timeout.InfiniteTimeSpan || Idle < Longest);

    public bool IsOpen(long outputCharacters) => Longest != TimeSpan.Zero && outputCharacters < Characters;

    /// <summary>What is left of the window that began at a timestamp; infinite for no bound.</summary>
    public TimeSpan Left(long since) => Left(Longest, since);

    /// <summary>What is left of the silence that began at a timestamp; infinite for no bound.</summary>
    public TimeSpan IdleLeft(long since) => Left(Idle, since);

    private TimeSpan Left(TimeSpan whole, long since)
    {
        if (whole == Timeout.InfiniteTimeSpan)
            return whole;

        var left = whole - Time.GetElapsedTime(since);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}

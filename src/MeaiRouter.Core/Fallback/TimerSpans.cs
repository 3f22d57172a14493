namespace MeaiRouter.Fallback;

/// <summary>Spans of time as timers take them.</summary>
internal static class TimerSpans
{
    /// <summary>
    /// What is left as a timer's due time: in whole milliseconds, for timers drop the rest and would fire too early, over and over; zero if
    /// nothing is left.
    /// </summary>
    public static TimeSpan ToDueTime(this TimeSpan left) =>
        left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
}

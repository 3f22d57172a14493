namespace MeaiRouter.Fallback;

/// <summary>A move that is decided and waits for its time.</summary>
internal sealed class PendingRetry(NextMove move, TimeProvider time)
{
    private readonly long _since = time.GetTimestamp();

    public NextMove Move => move;

    /// <summary>How long until its time has come, in whole milliseconds, for timers drop the rest; zero if it has.</summary>
    public TimeSpan DueIn
    {
        get
        {
            var left = move.Wait - time.GetElapsedTime(_since);
            return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
        }
    }
}

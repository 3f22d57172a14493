namespace MeaiRouter.Fallback;

/// <summary>A move that is decided and waits for its time.</summary>
internal sealed class PendingRetry(NextMove move, TimeProvider time)
{
    private readonly long _since = time.GetTimestamp();

    public NextMove Move => move;

    /// <summary>How long until its time has come; zero if it has.</summary>
    public TimeSpan DueIn => (move.Wait - time.GetElapsedTime(_since)).ToDueTime();
}

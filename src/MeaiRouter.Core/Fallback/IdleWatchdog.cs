using MeaiRouter.Attempts;

namespace MeaiRouter.Fallback;

/// <summary>Cancels a stream that shows no content for too long. Waiting costs a timestamp; the timer runs only once a period.</summary>
internal sealed class IdleWatchdog : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _idle;
    private readonly CancellationTokenSource _target;
    private readonly RouteAttempt _attempt;
    private readonly ITimer? _timer;
    private long _waitingSince;
    private long _waited;

    public IdleWatchdog(TimeSpan idle, CancellationTokenSource target, RouteAttempt attempt, TimeProvider time)
    {
        _time = time;
        _idle = idle;
        _target = target;
        _attempt = attempt;
        if (idle != Timeout.InfiniteTimeSpan)
            _timer = time.CreateTimer(static state => ((IdleWatchdog)state!).Check(), this, idle, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the watchdog cancelled the stream.</summary>
    public bool Fired { get; private set; }

    /// <summary>The stream is being waited for. Waits without content in between count as one.</summary>
    public void Wait()
    {
        if (_waitingSince == 0)
            Volatile.Write(ref _waitingSince, _time.GetTimestamp() - _waited);
    }

    /// <summary>Something arrived without content; what the caller takes his time with is not the stream's silence.</summary>
    public void Pause()
    {
        if (_waitingSince == 0)
            return;

        _waited = _time.GetTimestamp() - _waitingSince;
        Volatile.Write(ref _waitingSince, 0);
    }

    /// <summary>Content arrived, so that the silence is over.</summary>
    public void Rest()
    {
        _waited = 0;
        Volatile.Write(ref _waitingSince, 0);
    }

    public void Dispose() => _timer?.Dispose();

    private void Check()
    {
        var since = Volatile.Read(ref _waitingSince);
        if (since != 0)
            since = Math.Max(since, _attempt.LatestWithheld);
        var left = since == 0 ? _idle : _idle - _time.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            _timer!.Change(left.ToDueTime(), Timeout.InfiniteTimeSpan);
            return;
        }

        Fired = true;
        _target.Cancel();
    }
}

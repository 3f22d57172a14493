namespace MeaiRouter.Testing.Tests;

/// <summary>A clock that moves only when told to.</summary>
public sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until somebody waits on this clock, then moves it.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        Task waiting;
        lock (_lock)
            waiting = _waiting.Task;
        await waiting.WaitAsync(TimeSpan.FromSeconds(20));
        Advance(time);
    }

    public void Advance(TimeSpan time)
    {
        List<ManualTimer> due;
        lock (_lock)
        {
            _now += time;
            due = [.. _timers.Where(t => t.Due <= _now)];
            _timers.RemoveAll(due.Contains);
            if (_timers.Count == 0)
                _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        due.ForEach(static t => t.Fire());
    }

    private sealed class ManualTimer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                Due = time._now + dueTime;
                time._timers.Add(this);
                time._waiting.TrySetResult();
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

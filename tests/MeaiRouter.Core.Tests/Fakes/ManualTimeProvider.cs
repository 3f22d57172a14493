namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A clock that moves only when a test moves it. Timers fire on the thread that moves it, in the order they are due.</summary>
internal sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly List<(TimeSpan Due, TaskCompletionSource Armed)> _waiters = [];
    private TaskCompletionSource? _timestampRead;
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp()
    {
        Interlocked.Exchange(ref _timestampRead, null)?.TrySetResult();
        return GetUtcNow().Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until a timer is armed that fires in exactly the given time from now.</summary>
    public Task ArmedAsync(TimeSpan due)
    {
        lock (_lock)
            return _timers.Exists(timer => timer.DueAt == _now + due) ? Task.CompletedTask : ArmedAnewAsync(due);
    }

    /// <summary>Waits until, from now on, a timer is armed that fires in exactly the given time; one armed before does not count.</summary>
    public Task ArmedAnewAsync(TimeSpan due)
    {
        lock (_lock)
        {
            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((due, armed));
            return armed.Task.Soon();
        }
    }

    /// <summary>Waits until somebody reads the clock to measure a duration.</summary>
    public Task TimestampReadAsync()
    {
        var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _timestampRead, read);
        return read.Task.Soon();
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            ManualTimer? next;
            lock (_lock)
            {
                next = _timers.Where(timer => timer.DueAt <= end).MinBy(timer => timer.DueAt);
                if (next is null)
                {
                    _now = end;
                    return;
                }

                _now = next.DueAt > _now ? next.DueAt : _now;
                _timers.Remove(next);
            }

            next.Fire();
        }
    }

    private sealed class ManualTimer(ManualTimeProvider owner, Action callback) : ITimer
    {
        public DateTimeOffset DueAt { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
                throw new NotSupportedException("Periodic timers are not needed.");

            lock (owner._lock)
            {
                owner._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;

                DueAt = owner._now + dueTime;
                owner._timers.Add(this);
                foreach (var waiter in owner._waiters.Where(waiter => waiter.Due == dueTime))
                    waiter.Armed.TrySetResult();
                owner._waiters.RemoveAll(waiter => waiter.Armed.Task.IsCompleted);
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

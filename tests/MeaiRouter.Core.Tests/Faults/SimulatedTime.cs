using System.Diagnostics;

namespace MeaiRouter.Core.Tests.Faults;

/// <summary>A clock that jumps from timer to timer, so that an hour with hundreds of callers takes seconds.</summary>
/// <remarks>
/// Between two jumps the pool gets a few turns. What has not come round by then merely sees a later time, as on a slow machine: what is
/// tested must not depend on it. A jump far ahead would run out somebody's deadline while his work waits for a processor, so that first
/// whoever is late gets time in earnest.
/// </remarks>
internal sealed class SimulatedTime : TimeProvider
{
    private const int Turns = 4;

    private static readonly TimeSpan FarAhead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<(SimulatedTimer Timer, int Version), (long Due, long Order)> _timers = new();
    private readonly long _start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;
    private long _now;
    private long _order;
    private int _armed;

    /// <summary>What has passed since the beginning.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Volatile.Read(ref _now));

    /// <summary>Timers that are armed: what nobody has disposed of, or somebody waits for.</summary>
    public int Armed
    {
        get
        {
            lock (_lock)
                return _armed;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override long GetTimestamp() => _start + Volatile.Read(ref _now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Starts something, outside any context that would run its parts elsewhere, and lets time pass until it is done.</summary>
    public Task RunAsync(Func<Task> start) => Task.Run(() => RunAsync(start()));

    private async Task RunAsync(Task task)
    {
        var idle = 0;
        while (!task.IsCompleted)
        {
            for (var turn = 0; turn < Turns; turn++)
                await Task.Yield();
            await WaitForTheLateAsync(task);
            if (!task.IsCompleted && !FireNext())
            {
                // Nobody waits for time; what still runs must then come to its end by itself.
                idle++;
                if (idle > 5_000)
                    throw new TimeoutException($"After {Elapsed} nobody waits for time, and yet something has not ended.");
                await Task.Delay(1);
            }
            else
            {
                idle = 0;
            }
        }

        await task;
    }

    private async Task WaitForTheLateAsync(Task task)
    {
        var began = Stopwatch.GetTimestamp();
        while (!task.IsCompleted && IsNextFarAhead() && Stopwatch.GetElapsedTime(began) < Grace)
            await Task.Delay(1);
    }

    private bool IsNextFarAhead()
    {
        lock (_lock)
        {
            while (_timers.TryPeek(out var next, out var at))
            {
                if (next.Timer.IsArmedAs(next.Version))
                    return at.Due - _now > FarAhead.Ticks;
                _timers.Dequeue();
            }

            return false;
        }
    }

    /// <summary>Fires all timers of the next moment at which any is due.</summary>
    private bool FireNext()
    {
        var due = new List<SimulatedTimer>();
        lock (_lock)
        {
            while (_timers.TryPeek(out var next, out var at) && (due.Count == 0 || at.Due == _now))
            {
                _timers.Dequeue();
                if (!next.Timer.TryTake(next.Version))
                    continue;
                Volatile.Write(ref _now, at.Due);
                due.Add(next.Timer);
            }
        }

        foreach (var timer in due)
            timer.Fire();
        return due.Count > 0;
    }

    private sealed class SimulatedTimer(SimulatedTime owner, Action callback) : ITimer
    {
        private int _version;
        private bool _isArmed;

        public void Fire() => callback();

        /// <summary>Whether it is still armed as it was then. Under the owner's lock.</summary>
        public bool IsArmedAs(int version) => _isArmed && version == _version;

        /// <summary>Disarms it if it is still armed as it was then. Under the owner's lock.</summary>
        public bool TryTake(int version)
        {
            if (!IsArmedAs(version))
                return false;

            Disarm();
            return true;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan)
                throw new NotSupportedException("Periodic timers are not needed.");

            lock (owner._lock)
            {
                Disarm();
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;

                _isArmed = true;
                owner._armed++;
                owner._timers.Enqueue((this, ++_version), (owner._now + dueTime.Ticks, owner._order++));
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
                Disarm();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Disarm()
        {
            owner._armed -= _isArmed ? 1 : 0;
            _isArmed = false;
        }
    }
}

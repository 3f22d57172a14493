namespace MeaiRouter.Testing;

/// <summary>A clock that moves only when a test moves it, so that ten minutes of deadlines take no time at all.</summary>
/// <remarks>
/// Give it to the pipeline, as its <see cref="TimeProvider"/>, and to the scripted providers. Timers fire on the thread that moves the clock, in the order
/// in which they are due, each at its own moment. All members may be used from several threads.
/// </remarks>
public sealed class VirtualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<VirtualTimer> _timers = [];
    private readonly List<(TimeSpan? DueIn, TaskCompletionSource Armed)> _waiters = [];
    private DateTimeOffset _now;

    /// <summary>Creates a clock.</summary>
    /// <param name="start">The time it shows; by default the first second of 2026, UTC.</param>
    public VirtualTime(DateTimeOffset? start = null) => _now = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock, and fires the timers that become due on the way.</summary>
    /// <param name="by">By how much; zero fires what is due now.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        DateTimeOffset end;
        lock (_lock)
            end = _now + by;

        while (NextUntil(end) is { } due)
            due.Fire();
    }

    /// <summary>Waits until somebody waits on this clock, then moves it.</summary>
    /// <param name="by">By how much.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task AdvanceAsync(TimeSpan by, CancellationToken cancellationToken = default)
    {
        await WaitForTimerAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        Advance(by);
    }

    /// <summary>Waits until a timer is set: the sign that the code under test has come as far as its delay or its deadline.</summary>
    /// <param name="dueIn">How far from now the timer is due, exactly; <see langword="null"/> for any timer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task WaitForTimerAsync(TimeSpan? dueIn = null, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_timers.Exists(timer => dueIn is null || timer.DueAt == _now + dueIn))
                return Task.CompletedTask;

            var armed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((dueIn, armed));
            return armed.Task.WaitAsync(cancellationToken);
        }
    }

    private VirtualTimer? NextUntil(DateTimeOffset end)
    {
        lock (_lock)
        {
            if (_timers.Where(timer => timer.DueAt <= end).MinBy(static timer => timer.DueAt) is not { } next)
            {
                _now = end > _now ? end : _now;
                return null;
            }

            _now = next.DueAt > _now ? next.DueAt : _now;
            next.Rearm();
            return next;
        }
    }

    private sealed class VirtualTimer(VirtualTime owner, Action callback) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public DateTimeOffset DueAt { get; private set; }

        public void Fire() => callback();

        // To be called under the clock's lock.
        public void Rearm()
        {
            owner._timers.Remove(this);
            if (_period > TimeSpan.Zero)
                Arm(_period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                owner._timers.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    Arm(dueTime);
            }

            return true;
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueIn)
        {
            DueAt = owner._now + dueIn;
            owner._timers.Add(this);
            foreach (var (_, armed) in owner._waiters.Where(waiter => waiter.DueIn is null || waiter.DueIn == dueIn))
                armed.TrySetResult();
            owner._waiters.RemoveAll(static waiter => waiter.Armed.Task.IsCompleted);
        }
    }
}

namespace MeaiRouter.Testing.Tests;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Timers_fire_in_the_order_in_which_they_are_due_each_at_its_own_moment()
    {
        var fired = new List<(string Name, double Seconds)>();
        var start = _time.GetUtcNow();
        using var late = Timer("late", 3, Timeout.InfiniteTimeSpan);
        using var early = Timer("early", 1, Timeout.InfiniteTimeSpan);
        using var repeated = Timer("repeated", 2, TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([("early", 1), ("repeated", 2), ("late", 3), ("repeated", 4)], fired);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.GetUtcNow() - start);

        ITimer Timer(string name, int due, TimeSpan period) =>
            _time.CreateTimer(_ => fired.Add((name, (_time.GetUtcNow() - start).TotalSeconds)), null, TimeSpan.FromSeconds(due), period);
    }

    [Fact]
    public void A_disposed_timer_and_one_that_was_stopped_never_fire()
    {
        var fired = 0;
        var disposed = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        using var stopped = _time.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        disposed.Dispose();
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, fired);
    }

    [Fact]
    public async Task Delays_and_deadlines_of_the_framework_run_by_it()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(10), _time);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(20), _time);
        var measured = _time.GetTimestamp();

        _time.Advance(TimeSpan.FromMinutes(10));
        await delay;
        Assert.False(deadline.IsCancellationRequested);
        Assert.Equal(TimeSpan.FromMinutes(10), _time.GetElapsedTime(measured));

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.True(deadline.IsCancellationRequested);
    }

    [Fact]
    public async Task Waiting_for_a_timer_ends_when_one_is_set_that_is_due_then()
    {
        var any = _time.WaitForTimerAsync();
        var exact = _time.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        using var other = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);
        await any;
        Assert.False(exact.IsCompleted);

        using var wanted = _time.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        await exact;
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(9));
    }

    [Fact]
    public void Time_does_not_go_backwards() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _time.Advance(TimeSpan.FromTicks(-1)));
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Load;

namespace MeaiRouter.Core.Tests.Load;

public sealed class LoadGateTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _entered = [];

    [Fact]
    public async Task Entering_where_there_is_room_allocates_nothing()
    {
        var gate = Gate(2, 0);
        await gate.EnterAsync(RequestPriority.Normal, "a", default);
        gate.Leave(held: null);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            var entry = gate.EnterAsync(RequestPriority.Normal, "a", default);
            Assert.True(entry.IsCompletedSuccessfully);
            gate.Leave(held: null);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Callers_take_turns_however_many_requests_each_has_waiting()
    {
        var gate = Gate(1, 100);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        Task[] waiting = [Enter(gate, "greedy"), Enter(gate, "greedy"), Enter(gate, "greedy"), Enter(gate, "modest"), Enter(gate, "shy"), Enter(gate, "modest")];

        await LeaveOneByOneAsync(gate, waiting.Length);

        Assert.Equal(["greedy", "modest", "shy", "greedy", "modest", "greedy"], _entered);
        Assert.Equal((0, 0), (gate.InUse, gate.Waiting));
    }

    [Fact]
    public async Task A_higher_priority_goes_first()
    {
        var gate = Gate(1, 100);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        foreach (var priority in (RequestPriority[])[RequestPriority.Low, RequestPriority.Normal, RequestPriority.High, RequestPriority.Normal, RequestPriority.High])
            _ = Enter(gate, priority.ToString(), priority);

        await LeaveOneByOneAsync(gate, 5);

        Assert.Equal(["High", "High", "Normal", "Normal", "Low"], _entered);
    }

    [Fact]
    public async Task A_lower_priority_is_not_starved_by_a_higher_one_that_never_ceases()
    {
        var gate = Gate(1, 1000);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        for (var i = 0; i < 90; i++)
            _ = Enter(gate, "Normal");
        for (var i = 0; i < 90; i++)
            _ = Enter(gate, "Low", RequestPriority.Low);

        await LeaveOneByOneAsync(gate, 90);

        Assert.Equal((80, 10), (_entered.Count(name => name == "Normal"), _entered.Count(name => name == "Low")));
        Assert.Equal(["Normal", "Normal", "Normal", "Normal"], _entered.Take(4));
    }

    [Fact]
    public async Task When_the_line_is_full_a_caller_with_less_than_others_takes_the_newest_place_of_the_greediest()
    {
        var gate = Gate(1, 4);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        Task[] greedy = [Enter(gate, "greedy"), Enter(gate, "greedy"), Enter(gate, "greedy"), Enter(gate, "greedy")];

        var modest = Enter(gate, "modest");

        var failure = await Assert.ThrowsAsync<RouterException>(() => greedy[3].Soon());
        Assert.Equal(
            (FailureKind.CallerSaturated,
                "3 of the caller's requests wait already, as many as any other caller's: all 1 permits of 'test' are in use and 3 requests wait, " +
                "of at most 4. Try again later, raise MaxConcurrency or QueueLimit, or add another endpoint."),
            (failure.Kind, failure.Message));
        Assert.Equal(4, gate.Waiting);
        await LeaveOneByOneAsync(gate, 4);
        await modest.Soon();
        Assert.Equal(["greedy", "modest", "greedy", "greedy"], _entered);
    }

    [Fact]
    public async Task When_the_line_is_full_whoever_has_the_most_waiting_is_refused_with_a_hint_when_to_return()
    {
        var gate = Gate(2, 4);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        gate.Leave(TimeSpan.FromSeconds(6));
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        _ = (Enter(gate, "a"), Enter(gate, "a"), Enter(gate, "b"), Enter(gate, "b"));

        var failure = await Assert.ThrowsAsync<RouterException>(() => Enter(gate, "a"));

        // Five requests, this one included, at two at a time of six seconds each.
        Assert.Equal((FailureKind.CallerSaturated, TimeSpan.FromSeconds(15)), (failure.Kind, failure.RetryAfter!.Value));
        Assert.Equal((429, false), (failure.Kind.Consequences().HttpStatus, failure.Kind.Consequences().CountsAgainstHealth));
    }

    [Theory]
    [InlineData("")]
    [InlineData("newcomer")]
    public async Task Who_has_nothing_waiting_or_gave_no_name_is_told_that_the_endpoint_is_saturated(string caller)
    {
        var gate = Gate(1, caller.Length == 0 ? 1 : 2);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        _ = (Enter(gate, caller.Length == 0 ? "" : "a"), caller.Length == 0 ? null : Enter(gate, "b"));

        var failure = await Assert.ThrowsAsync<RouterException>(() => Enter(gate, caller));

        Assert.Equal((FailureKind.Saturated, 503), (failure.Kind, failure.Kind.Consequences().HttpStatus));
        Assert.StartsWith("There is no place in line: all 1 permits of 'test' are in use", failure.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(1), failure.RetryAfter);
    }

    [Fact]
    public async Task When_the_line_is_full_a_higher_priority_takes_the_place_of_the_lowest()
    {
        var gate = Gate(1, 2);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        var (low, normal) = (Enter(gate, "batch", RequestPriority.Low), Enter(gate, "web"));

        _ = Enter(gate, "boss", RequestPriority.High);

        Assert.Equal(FailureKind.Saturated, (await Assert.ThrowsAsync<RouterException>(() => low.Soon())).Kind);
        await LeaveOneByOneAsync(gate, 2);
        await normal.Soon();
        Assert.Equal(["boss", "web"], _entered);
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_ends_and_leaves_the_line()
    {
        var gate = Gate(1, 5, TimeSpan.FromSeconds(10));
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        var waiting = Enter(gate, "a");

        _time.Advance(TimeSpan.FromSeconds(10));

        var failure = await Assert.ThrowsAsync<RouterException>(() => waiting.Soon());
        Assert.Equal(FailureKind.Saturated, failure.Kind);
        Assert.StartsWith("No room within 10 s: all 1 permits of 'test' are in use and 0 requests wait, of at most 5.", failure.Message, StringComparison.Ordinal);
        Assert.Equal((1, 0), (gate.InUse, gate.Waiting));
    }

    [Fact]
    public async Task A_wait_that_is_cancelled_leaves_the_line()
    {
        var gate = Gate(1, 5);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        using var cancellation = new CancellationTokenSource();
        var waiting = gate.EnterAsync(RequestPriority.Normal, "a", cancellation.Token).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Soon());
        Assert.Equal((1, 0), (gate.InUse, gate.Waiting));
        gate.Leave(held: null);
        Assert.Equal(0, gate.InUse);
    }

    [Fact]
    public async Task A_raised_limit_lets_in_those_who_wait()
    {
        var gate = Gate(1, 5);
        await gate.EnterAsync(RequestPriority.Normal, "x", default);
        Task[] waiting = [Enter(gate, "a"), Enter(gate, "b"), Enter(gate, "c")];

        gate.Under(new ConcurrencyLimit(3, 5), new LoadOptions());

        await Task.WhenAll(waiting[0], waiting[1]).Soon();
        Assert.Equal((3, 1, false), (gate.InUse, gate.Waiting, gate.HasRoom));
    }

    [Fact]
    public async Task Thousands_who_come_leave_and_lose_patience_at_random_leave_nothing_behind()
    {
        const int Limit = 7;
        var gate = new LoadGate("'test'", TimeProvider.System).Under(new ConcurrencyLimit(Limit, 300), new LoadOptions());
        var (inside, most, entered, refused, cancelled) = (0, 0, 0, 0, 0);
        var random = new Random(42);
        var plans = Enumerable.Range(0, 5000).Select(i => (
            Caller: $"c{random.Next(20)}", Priority: (RequestPriority)random.Next(-1, 2), Patience: random.Next(4), Stay: random.Next(30))).ToArray();

        await Task.WhenAll(plans.Select(plan => Task.Run(async () =>
        {
            using var cancellation = new CancellationTokenSource();
            var entry = gate.EnterAsync(plan.Priority, plan.Caller, cancellation.Token).AsTask();
            if (plan.Patience == 0)
                await cancellation.CancelAsync();
            try
            {
                await entry;
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref cancelled);
                return;
            }
            catch (RouterException)
            {
                Interlocked.Increment(ref refused);
                return;
            }

            var now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);
            for (var i = 0; i < plan.Stay; i++)
                await Task.Yield();
            Interlocked.Increment(ref entered);
            Interlocked.Decrement(ref inside);
            gate.Leave(TimeSpan.FromTicks(1));
        }))).Soon();

        Assert.Equal((0, 0, 5000), (gate.InUse, gate.Waiting, entered + refused + cancelled));
        Assert.InRange(most, 1, Limit);
        Assert.True(entered > Limit, "The crowd was never let in.");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); value > seen;)
            seen = Interlocked.CompareExchange(ref target, value, seen);
    }

    private LoadGate Gate(int limit, int queue, TimeSpan? maxWait = null) =>
        new LoadGate("'test'", _time).Under(new ConcurrencyLimit(limit, queue), new LoadOptions { MaxWait = maxWait ?? Timeout.InfiniteTimeSpan });

    private async Task Enter(LoadGate gate, string caller, RequestPriority priority = RequestPriority.Normal)
    {
        await gate.EnterAsync(priority, caller, default);
        lock (_entered)
            _entered.Add(caller);
    }

    private async Task LeaveOneByOneAsync(LoadGate gate, int entries)
    {
        for (var i = 1; i <= entries; i++)
        {
            gate.Leave(held: null);
            while (true)
            {
                lock (_entered)
                {
                    if (_entered.Count == i)
                        break;
                }

                await Task.Yield();
            }
        }

        if (gate.Waiting == 0)
            gate.Leave(held: null);
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Health;
using MeaiRouter.Limits;

namespace MeaiRouter.Core.Tests.Health;

public sealed class EndpointHealthTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly EndpointHealth _health;

    public EndpointHealthTests() => _health = new EndpointHealth(_time);

    [Fact]
    public void Of_an_endpoint_never_called_nothing_is_known() => Assert.Equal(new HealthSnapshot(), _health.Snapshot());

    [Fact]
    public void Percentiles_of_time_throughput_and_duration_are_right_within_six_percent()
    {
        // Tokens are chosen so that throughput falls as duration grows: answer i takes i / 10 s for 100 tokens.
        for (var i = 1; i <= 1000; i++)
            _health.Answer(wait: i / 100.0, total: i / 10.0, output: 100);

        var snapshot = _health.Snapshot();
        AssertNear(new(5, 7.5, 9, 9.9), snapshot.TimeToFirstContent);
        AssertNear(new(50, 75, 90, 99), snapshot.Duration);
        AssertNear(new(2, 1000 / 750.0, 1000 / 900.0, 1000 / 990.0), snapshot.Throughput);
    }

    [Fact]
    public void Whole_answers_have_no_time_to_first_content_but_a_duration()
    {
        var clock = new ManualTimeProvider();
        var attempt = Observed.Begin(_health, clock);
        clock.Advance(TimeSpan.FromSeconds(2));
        attempt.Observe(new Microsoft.Extensions.AI.ChatResponse(new Microsoft.Extensions.AI.ChatMessage(Microsoft.Extensions.AI.ChatRole.Assistant, "Hi")));
        attempt.End(AttemptOutcome.Answered);

        var snapshot = _health.Snapshot();
        Assert.Null(snapshot.TimeToFirstContent);
        AssertNear(new(2, 2, 2, 2), snapshot.Duration);
        Assert.Equal(2, snapshot.AverageLatency);
    }

    [Fact]
    public void Windows_forget()
    {
        5.Times(() => _health.Answer());
        2.Times(() => _health.Fail());
        _health.Fail(FailureKind.RateLimited);
        var before = _health.Snapshot();
        Assert.Equal((5L, 2L, 1L), (before.Answered, before.Failed, before.RateLimited));

        _time.Advance(TimeSpan.FromSeconds(301));

        var after = _health.Snapshot();
        Assert.Equal((0L, 0L, 0L), (after.Answered, after.Failed, after.RateLimited));
        Assert.Null(after.TimeToFirstContent);
        Assert.Null(after.Throughput);
        Assert.Null(after.Duration);
    }

    [Theory]
    [InlineData(19, 0, null, UptimeClass.Normal)]
    [InlineData(9, 10, null, UptimeClass.Normal)]
    [InlineData(95, 5, 0.95, UptimeClass.Normal)]
    [InlineData(94, 6, 0.94, UptimeClass.Degraded)]
    [InlineData(80, 20, 0.8, UptimeClass.Degraded)]
    [InlineData(79, 21, 0.79, UptimeClass.Down)]
    public void Uptime_has_three_classes_and_needs_twenty_requests(int answered, int failed, double? uptime, UptimeClass expected)
    {
        for (var i = 0; i < Math.Max(answered, failed); i++)
        {
            if (i < failed)
                _health.Fail();
            if (i < answered)
                _health.Answer();
        }

        50.Times(() => _health.Fail(FailureKind.InvalidRequest));
        50.Times(() => _health.Fail(FailureKind.RateLimited));

        Assert.Equal(uptime, _health.Snapshot().Uptime);
        Assert.Equal(expected, _health.Snapshot().UptimeClass);
        Assert.Equal(expected, _health.Uptime);
    }

    [Fact]
    public void A_recovered_endpoint_is_not_called_down_for_what_its_breaker_has_already_judged()
    {
        6.Times(() => { _health.Fail(); _time.Advance(TimeSpan.FromSeconds(10)); });
        _health.Answer();
        Assert.Equal((BreakerState.Closed, (double?)null), (_health.Breaker, _health.Snapshot().Uptime));

        19.Times(() => _health.Answer());
        Assert.Equal((1.0, UptimeClass.Normal), (_health.Snapshot().Uptime, _health.Uptime));
        Assert.Equal((20, 6), (_health.Snapshot().Answered, _health.Snapshot().Failed));

        2.Times(() => _health.Fail());
        Assert.Equal(UptimeClass.Degraded, _health.Uptime);
    }

    [Fact]
    public void An_outage_is_several_failures_and_is_over_after_30_s()
    {
        20.Times(() => _health.Answer());
        4.Times(() => _health.Fail());
        Assert.False(_health.HadRecentOutage); // 20 of 24 are above 80 %.

        _health.Answer();
        4.Times(() => _health.Fail());
        Assert.True(_health.HadRecentOutage); // 21 of 29 are not.

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(_health.HadRecentOutage);
    }

    [Fact]
    public void An_open_breaker_is_an_outage_until_30_s_after_it_closed()
    {
        3.Times(() => _health.Fail());
        Assert.True(_health.HadRecentOutage);

        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.True(_health.HadRecentOutage);

        _health.Answer();
        Assert.True(_health.HadRecentOutage);

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(_health.HadRecentOutage);
    }

    [Fact]
    public void A_shorter_rest_never_cuts_a_longer_one()
    {
        _health.Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(60));
        _health.Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(2));
        _health.Fail(FailureKind.RateLimited);
        Assert.Equal(TimeSpan.FromSeconds(60), _health.AvailableIn);

        _time.Advance(TimeSpan.FromSeconds(50));
        _health.Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), _health.AvailableIn);

        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.Zero, _health.AvailableIn);
    }

    [Fact]
    public void A_429_without_a_time_rests_the_endpoint_for_5_s_and_one_with_days_for_an_hour()
    {
        _health.Fail(FailureKind.RateLimited);
        Assert.Equal(TimeSpan.FromSeconds(5), _health.AvailableIn);

        _health.Fail(FailureKind.RateLimited, TimeSpan.FromDays(9));
        Assert.Equal(TimeSpan.FromHours(1), _health.AvailableIn);
    }

    [Fact]
    public void Endpoints_of_one_quota_rest_together_and_others_do_not()
    {
        var board = new HealthBoard(_time);
        var model = new Model("m");
        var first = board.For(model, new ModelEndpoint("a", "m") { QuotaDomain = "eu" });
        var second = board.For(model, new ModelEndpoint("b", "m") { QuotaDomain = "eu" });
        var other = board.For(model, new ModelEndpoint("c", "m"));

        first.Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), first.AvailableIn);
        Assert.Equal(TimeSpan.FromSeconds(7), second.AvailableIn);
        Assert.Equal(TimeSpan.Zero, other.AvailableIn);
    }

    [Fact]
    public void Headers_that_say_a_limit_is_exhausted_rest_the_endpoint_until_its_reset()
    {
        var limits = new RateLimits { Requests = new(100, 3, TimeSpan.FromSeconds(40)), Tokens = new(1000, 0, TimeSpan.FromSeconds(12)) };
        _health.Observe(limits);

        Assert.Equal(TimeSpan.FromSeconds(12), _health.AvailableIn);
        Assert.Equal(limits, _health.Snapshot().RateLimits);
    }

    [Fact]
    public void Tool_calls_that_could_not_be_read_lower_validity_and_answers_without_tools_do_not_count()
    {
        9.Times(() => _health.Answer(tools: true));
        _health.Answer(badTools: true);
        10.Times(() => _health.Answer());

        Assert.Equal(0.9, _health.Snapshot().ToolCallValidity);
    }

    [Fact]
    public void Average_latency_follows_the_newest_answers()
    {
        _health.Answer(wait: 1, total: 2);
        Assert.Equal(1, _health.AverageLatency);

        _health.Answer(wait: 2, total: 9);
        Assert.Equal(1.3, _health.AverageLatency!.Value, 9);
    }

    [Fact]
    public void The_load_an_endpoint_bears_is_learned_from_its_429s_and_grows_back()
    {
        100.Times(() => _health.Answer());
        Assert.Equal(1, _health.BearableShare);

        _health.Fail(FailureKind.RateLimited);
        Assert.InRange(_health.BearableShare, 0.75, 0.85);

        _time.Advance(TimeSpan.FromMinutes(5));
        100.Times(() => _health.Answer());
        Assert.Equal(1, _health.BearableShare);
    }

    [Fact]
    public void Its_memory_does_not_grow_with_traffic()
    {
        var failure = new RouterException(FailureKind.Unavailable, "Down.");
        Drive(_health, 10_000);

        // What the attempts themselves take is the same; the health of a million of them adds nothing. While methods are still being compiled anew
        // a round may take what the next does not.
        var grown = Enumerable.Range(0, 3).Select(_ => -Drive(null, 1_000_000) + Drive(_health, 1_000_000)).ToArray();
        Assert.Contains(grown, static bytes => bytes is >= 0 and <= 1_000);
        Assert.Equal(0, _health.InFlight);

        long Drive(EndpointHealth? health, int attempts)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < attempts; i++)
            {
                var attempt = new RouteAttempt(0, "p", null, null, health, null, _time);
                _time.Advance(TimeSpan.FromMilliseconds(i % 50));
                if (i % 100 == 0)
                    attempt.End(AttemptOutcome.Failed, failure);
                else
                    attempt.End(AttemptOutcome.Answered);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public async Task Concurrent_attempts_lose_nothing_and_attempts_in_flight_are_never_negative()
    {
        const int Writers = 8;
        const int Each = 5_000;
        using var done = new CancellationTokenSource();
        var least = 0;
        var reader = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                least = Math.Min(least, _health.InFlight);
                _ = _health.Snapshot();
            }
        });

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var attempt = Observed.Begin(_health, _time);
                if (i % 10 == writer)
                    attempt.Fail(FailureKind.Stalled);
                else
                    attempt.End(AttemptOutcome.Answered);
                attempt.End(AttemptOutcome.Cancelled); // A second end changes nothing.
            }
        })));
        await done.CancelAsync();
        await reader;

        var snapshot = _health.Snapshot();
        Assert.Equal(0, least);
        Assert.Equal(0, snapshot.InFlight);
        Assert.Equal(Writers * Each, snapshot.Answered + snapshot.Failed);
        Assert.Equal(Writers * Each / 10, snapshot.Failed);
    }

    [Fact]
    public void The_clock_that_stands_at_zero_is_a_clock_too()
    {
        var health = new EndpointHealth(new StoppedClock());

        3.Times(() => health.Fail());

        Assert.Equal(BreakerState.Open, health.Breaker);
        Assert.Equal(3, health.Snapshot().Failed);
    }

    private static void AssertNear(Percentiles expected, Percentiles? actual)
    {
        Assert.NotNull(actual);
        foreach (var (want, got) in ((double, double)[])[
            (expected.P50, actual.Value.P50), (expected.P75, actual.Value.P75), (expected.P90, actual.Value.P90), (expected.P99, actual.Value.P99)])
        {
            Assert.InRange(got, want * 0.94, want * 1.065);
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}

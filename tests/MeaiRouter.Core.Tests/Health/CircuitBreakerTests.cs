using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Health;
using MeaiRouter.Routing;

namespace MeaiRouter.Core.Tests.Health;

public sealed class CircuitBreakerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly EndpointHealth _health;

    public CircuitBreakerTests() => _health = new EndpointHealth(_time);

    [Fact]
    public void Three_failures_open_it_where_nothing_else_is_known()
    {
        2.Times(() => _health.Fail());
        Assert.Equal(BreakerState.Closed, _health.Breaker);

        _health.Fail();
        Assert.Equal(BreakerState.Open, _health.Breaker);
        Assert.Equal(TimeSpan.FromSeconds(5), _health.AvailableIn);
    }

    [Fact]
    public void Five_failures_in_a_row_open_it_whatever_came_before()
    {
        1000.Times(() => _health.Answer());
        4.Times(() => _health.Fail());
        Assert.Equal(BreakerState.Closed, _health.Breaker);

        _health.Fail();
        Assert.Equal(BreakerState.Open, _health.Breaker);
    }

    [Fact]
    public void Failures_that_are_rare_but_never_answered_between_open_it_within_five_minutes()
    {
        3.Times(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(80));
            _health.Fail();
        });

        Assert.Equal(BreakerState.Open, _health.Breaker);
    }

    [Fact]
    public void An_error_rate_that_is_not_clearly_above_one_half_leaves_it_closed()
    {
        100.Times(() =>
        {
            _health.Answer();
            _health.Fail();
        });

        Assert.Equal(BreakerState.Closed, _health.Breaker);
    }

    [Fact]
    public void An_error_rate_of_two_thirds_opens_it_although_never_five_in_a_row_fail()
    {
        for (var i = 0; i < 30 && _health.Breaker == BreakerState.Closed; i++)
        {
            _health.Answer();
            2.Times(() => _health.Fail());
        }

        Assert.Equal(BreakerState.Open, _health.Breaker);
    }

    [Theory]
    [InlineData(FailureKind.InvalidRequest)]
    [InlineData(FailureKind.ContextTooLong)]
    [InlineData(FailureKind.ContentFiltered)]
    [InlineData(FailureKind.RateLimited)]
    [InlineData(FailureKind.Cancelled)]
    public void Failures_that_say_nothing_about_the_endpoint_leave_it_closed(FailureKind kind)
    {
        20.Times(() => _health.Fail(kind));

        Assert.Equal(BreakerState.Closed, _health.Breaker);
        Assert.Equal(0, _health.Snapshot().Failed);
    }

    [Fact]
    public void The_pause_doubles_from_5_s_to_30_s_while_probes_fail()
    {
        3.Times(() => _health.Fail());

        var pauses = new List<double>();
        6.Times(() =>
        {
            pauses.Add(_health.AvailableIn.TotalSeconds);
            _time.Advance(_health.AvailableIn);
            Assert.Equal(BreakerState.HalfOpen, _health.Breaker);
            _health.Fail();
        });

        Assert.Equal([5, 10, 20, 30, 30, 30], pauses);
    }

    [Fact]
    public void Who_fails_again_right_after_a_recovery_continues_with_the_longer_pause_and_later_from_the_start()
    {
        OpenAndRecover();
        5.Times(() => _health.Fail());
        Assert.Equal(TimeSpan.FromSeconds(10), _health.AvailableIn);

        _time.Advance(_health.AvailableIn);
        _health.Answer();
        _time.Advance(TimeSpan.FromSeconds(61));
        5.Times(() => _health.Fail());
        Assert.Equal(TimeSpan.FromSeconds(5), _health.AvailableIn);
    }

    [Fact]
    public void Failures_of_attempts_that_began_before_it_opened_do_not_lengthen_the_pause()
    {
        var slow = Enumerable.Range(0, 10).Select(_ => Observed.Begin(_health)).ToList();
        3.Times(() => _health.Fail());

        slow.ForEach(attempt => attempt.Fail(FailureKind.Timeout));

        Assert.Equal(TimeSpan.FromSeconds(5), _health.AvailableIn);
    }

    [Fact]
    public void Failures_of_attempts_that_began_before_a_recovery_say_nothing_of_the_time_after_it()
    {
        var slow = Enumerable.Range(0, 30).Select(_ => Observed.Begin(_health, _time)).ToList();
        OpenAndRecover();

        slow.ForEach(attempt => attempt.Fail(FailureKind.Timeout));

        Assert.Equal((BreakerState.Closed, UptimeClass.Normal, 33L), (_health.Breaker, _health.Uptime, _health.Snapshot().Failed));
    }

    [Fact]
    public void After_an_outage_the_uptime_is_counted_anew()
    {
        var many = Enumerable.Range(0, 30).Select(_ => Observed.Begin(_health)).ToList();
        many.ForEach(attempt => attempt.Fail(FailureKind.Unavailable));
        Assert.Equal((BreakerState.Open, UptimeClass.Down), (_health.Breaker, _health.Uptime));

        _time.Advance(TimeSpan.FromSeconds(5));
        _health.Answer();

        Assert.Equal((BreakerState.Closed, UptimeClass.Normal, null), (_health.Breaker, _health.Uptime, _health.Snapshot().Uptime));
        Assert.Equal((1L, 30L), (_health.Snapshot().Answered, _health.Snapshot().Failed));
    }

    [Fact]
    public async Task Of_many_plans_made_at_once_exactly_one_probes()
    {
        3.Times(() => _health.Fail());
        _time.Advance(TimeSpan.FromSeconds(5));

        var probing = 0;
        var plans = Enumerable.Range(0, 64).Select(i => Task.Run(() =>
        {
            var candidates = Candidates();
            HealthOrder.Apply(candidates, new RouteRequest((ulong)i));
            if (candidates[0].Health == _health)
                Interlocked.Increment(ref probing);
        }));
        await Task.WhenAll(plans);

        Assert.Equal(1, probing);
    }

    [Fact]
    public void While_the_probe_runs_there_is_no_other_however_long_it_takes()
    {
        3.Times(() => _health.Fail());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_health.TryClaimProbe());
        var probe = Observed.Begin(_health);

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(_health.TryClaimProbe());

        probe.End(AttemptOutcome.Cancelled); // Says nothing, so another may be made.
        Assert.True(_health.TryClaimProbe());
    }

    [Fact]
    public void A_probe_that_was_claimed_and_never_begun_is_given_to_another_after_a_second()
    {
        3.Times(() => _health.Fail());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_health.TryClaimProbe());
        Assert.False(_health.TryClaimProbe());

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(_health.TryClaimProbe());
    }

    [Fact]
    public void A_plan_that_may_not_probe_leaves_the_probe_to_others_and_the_endpoint_last()
    {
        3.Times(() => _health.Fail());
        _time.Advance(TimeSpan.FromSeconds(5));

        var candidates = Candidates();
        HealthOrder.Apply(candidates, new RouteRequest(1) { MayProbe = false });

        Assert.Same(_health, candidates[1].Health);
        Assert.True(_health.TryClaimProbe());
    }

    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(10, 5)]
    [InlineData(10, 10)]
    [InlineData(0.02, 10)]
    public void A_dead_primary_is_tried_at_most_three_times_per_minute_of_its_outage_and_is_found_again_within_one_pause(
        double secondsBetweenRequests, int outageMinutes)
    {
        var atPrimary = 0;
        for (var passed = 0.0; passed < outageMinutes * 60; passed += secondsBetweenRequests)
        {
            if (PlanFirst() == _health)
            {
                atPrimary++;
                _health.Fail();
            }

            _time.Advance(TimeSpan.FromSeconds(secondsBetweenRequests));
        }

        Assert.InRange(atPrimary, 3, 3 * outageMinutes);

        var untilFound = 0.0;
        while (PlanFirst() != _health)
        {
            _time.Advance(TimeSpan.FromSeconds(secondsBetweenRequests));
            untilFound += secondsBetweenRequests;
        }

        _health.Answer();
        Assert.InRange(untilFound, 0, 30 + secondsBetweenRequests);
        Assert.Equal(BreakerState.Closed, _health.Breaker);
    }

    [Fact]
    public void After_a_recovery_the_share_of_traffic_grows_back_within_30_s()
    {
        OpenAndRecover();

        Assert.InRange(ShareOfFirst(), 0.07, 0.13);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.InRange(ShareOfFirst(), 0.5, 0.6);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, ShareOfFirst());
    }

    [Fact]
    public void Who_stands_back_for_his_uptime_gets_a_growing_share_again_once_he_has_not_failed_for_30_s()
    {
        30.Times(() =>
        {
            _health.Answer();
            _health.Fail();
        });
        Assert.Equal((BreakerState.Closed, UptimeClass.Down), (_health.Breaker, _health.Uptime));

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(0, ShareOfFirst());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.InRange(ShareOfFirst(), 0.07, 0.13);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.InRange(ShareOfFirst(), 0.5, 0.6);
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal(1, ShareOfFirst());

        _health.Fail();
        Assert.Equal(0, ShareOfFirst());
    }

    private void OpenAndRecover()
    {
        3.Times(() => _health.Fail());
        _time.Advance(TimeSpan.FromSeconds(5));
        _health.Answer();
        Assert.Equal(BreakerState.Closed, _health.Breaker);
    }

    private double ShareOfFirst() => Enumerable.Range(0, 2000).Count(i => PlanFirst((ulong)i) == _health) / 2000.0;

    private EndpointHealth PlanFirst(ulong seed = 1)
    {
        var candidates = Candidates();
        HealthOrder.Apply(candidates, new RouteRequest(seed));
        return candidates[0].Health;
    }

    private Candidate[] Candidates()
    {
        var model = new Model("m");
        return [new(model, new ModelEndpoint("a", "m"), _health), new(model, new ModelEndpoint("b", "m"), new EndpointHealth(_time))];
    }
}

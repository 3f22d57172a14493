using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Endpoints;
using MeaiRouter.Health;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Health;

public sealed class KeyRestTests
{
    private static readonly Model Model = new("m");
    private static readonly ModelEndpoint Endpoint = new("acme", "small-v1");
    private static readonly ModelEndpoint OtherEndpoint = new("acme", "large-v1");

    private readonly ManualTimeProvider _time = new();
    private readonly HealthBoard _board;
    private readonly EndpointHealth _health;
    private readonly EndpointHealth _other;

    public KeyRestTests()
    {
        _board = new HealthBoard(_time);
        _board.Register("acme", Keys("1", "2"));
        _health = _board.For(Model, Endpoint);
        _other = _board.For(Model, OtherEndpoint);
    }

    [Fact]
    public void Keys_are_used_in_turn() => Assert.Equal(["key 1", "key 2", "key 1", "key 2"], Used(_health, 4));

    [Theory]
    [InlineData(FailureKind.Unauthorized)]
    [InlineData(FailureKind.PaymentRequired)]
    public void A_refused_key_rests_at_all_endpoints_of_its_provider_and_does_no_harm_to_them(FailureKind kind)
    {
        Begin(_health).Fail(kind);

        Assert.Equal(["key 2", "key 2", "key 2"], Used(_health, 3));
        Assert.Equal(["key 2", "key 2", "key 2"], Used(_other, 3));
        var snapshot = _health.Snapshot();
        Assert.Equal(
            (BreakerState.Closed, TimeSpan.Zero, 0L, false, 1.0),
            (snapshot.Breaker, snapshot.AvailableIn, snapshot.Failed, _health.HadRecentOutage, _health.BearableShare));
        Assert.Equal([("key 1", TimeSpan.FromMinutes(10)), ("key 2", TimeSpan.Zero)], Waits(_health));
        Assert.Equal([("key 1", TimeSpan.FromMinutes(10)), ("key 2", TimeSpan.Zero)], Waits(_other));
    }

    [Fact]
    public void A_key_that_may_not_use_one_model_rests_at_that_endpoint_alone()
    {
        Begin(_health).Fail(FailureKind.PermissionDenied);

        Assert.Equal(["key 2", "key 2"], Used(_health, 2));
        Assert.Equal(["key 1", "key 2"], Used(_other, 2));
    }

    [Fact]
    public void With_all_keys_refused_the_endpoint_is_unavailable_without_its_breaker_and_the_key_due_first_is_tried()
    {
        Begin(_health).Fail(FailureKind.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(4));
        Begin(_health).Fail(FailureKind.PaymentRequired);

        Assert.Equal((TimeSpan.FromMinutes(6), BreakerState.Closed, true), (_health.AvailableIn, _health.Breaker, _health.MayBeTroubled));
        Assert.Equal(TimeSpan.FromMinutes(6), _other.AvailableIn);
        Assert.Equal(["key 1"], Used(_health, 1)); // And it answered, so it is well.
        Assert.Equal(TimeSpan.Zero, _health.AvailableIn);
        Assert.Equal(["key 1", "key 1"], Used(_other, 2));
    }

    [Fact]
    public void After_its_rest_one_attempt_probes_the_key_and_each_refusal_doubles_the_rest_up_to_an_hour()
    {
        Begin(_health).Fail(FailureKind.Unauthorized);
        foreach (var minutes in (int[])[10, 20, 40, 60, 60])
        {
            Assert.Equal(TimeSpan.FromMinutes(minutes), Waits(_health)[0].AvailableIn);
            _time.Advance(TimeSpan.FromMinutes(minutes));

            var attempts = Enumerable.Range(0, 4).Select(_ => Begin(_health)).ToList();
            var probe = Assert.Single(attempts, attempt => attempt.KeyName == "key 1");
            Assert.Equal(["key 2", "key 2"], Used(_other, 2));
            attempts.ForEach(attempt => _ = attempt == probe ? Refused(attempt) : attempt.End(AttemptOutcome.Answered));
        }

        _time.Advance(TimeSpan.FromMinutes(60));
        Used(_health, 2);
        Assert.Equal(["key 1", "key 2", "key 1", "key 2"], Used(_other, 4));

        // It was well in between: the next refusal is a first one.
        Begin(_health).Fail(FailureKind.Unauthorized);
        Assert.Equal(TimeSpan.FromMinutes(10), _health.Snapshot().Keys.Max(key => key.AvailableIn));

        static bool Refused(RouteAttempt attempt)
        {
            attempt.Fail(FailureKind.Unauthorized);
            return true;
        }
    }

    [Fact]
    public void A_probe_that_says_nothing_about_the_key_makes_room_for_another()
    {
        Begin(_health).Fail(FailureKind.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(10));
        var probe = Enumerable.Range(0, 2).Select(_ => Begin(_health)).Single(attempt => attempt.KeyName == "key 1");
        Assert.DoesNotContain("key 1", Used(_health, 2));

        probe.End(AttemptOutcome.Cancelled);

        Assert.Contains("key 1", Used(_health, 2));
    }

    [Fact]
    public void Refusals_of_attempts_under_way_at_once_count_once()
    {
        var attempts = Enumerable.Range(0, 8).Select(_ => Begin(_health)).ToList();
        attempts.ForEach(attempt => attempt.Fail(FailureKind.Unauthorized));

        Assert.Equal([("key 1", TimeSpan.FromMinutes(10)), ("key 2", TimeSpan.FromMinutes(10))], Waits(_health));
    }

    [Fact]
    public void A_429_rests_the_key_at_that_endpoint_and_the_other_key_takes_over()
    {
        Begin(_health).Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(30));

        Assert.Equal([("key 1", TimeSpan.FromSeconds(30)), ("key 2", TimeSpan.Zero)], Waits(_health));
        Assert.Equal(["key 2", "key 2"], Used(_health, 2));
        Assert.Equal(["key 1", "key 2"], Used(_other, 2));
        Assert.Equal((TimeSpan.Zero, 1.0), (_health.AvailableIn, _health.BearableShare));

        Begin(_health).Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(20), _health.AvailableIn);
        Assert.True(_health.BearableShare < 1);
    }

    [Fact]
    public void A_quota_is_shared_key_by_key()
    {
        var (first, second) = (_board.For(Model, Endpoint with { Tag = "a", QuotaDomain = "eu" }), _board.For(Model, Endpoint with { Tag = "b", QuotaDomain = "eu" }));

        Begin(first).Fail(FailureKind.RateLimited, TimeSpan.FromSeconds(30));

        Assert.Equal([("key 1", TimeSpan.FromSeconds(30)), ("key 2", TimeSpan.Zero)], Waits(second));
        Assert.Equal(["key 2", "key 2"], Used(second, 2));
        Assert.Equal((4, 0), (first.LastMinute.Requests + 1, first.LastMinute.Tokens));
    }

    [Fact]
    public void A_limit_reported_as_exhausted_rests_the_key_before_any_429()
    {
        var limits = new RateLimits { Requests = new(100, 0, TimeSpan.FromSeconds(12)) };
        var attempt = Begin(_health);
        ((IRateLimitObserver)attempt).Observe(limits);
        attempt.End(AttemptOutcome.Answered);

        Assert.Equal(
            [new KeyHealth("key 1", TimeSpan.FromSeconds(12), limits), new KeyHealth("key 2", TimeSpan.Zero, null)], _health.Snapshot().Keys);
        Assert.Equal(limits, _health.Snapshot().RateLimits);
        Assert.Equal(["key 2", "key 2"], Used(_health, 2));

        ((IRateLimitObserver)attempt).Observe(new RateLimits { Requests = new(100, 0, TimeSpan.FromHours(1)) }); // Too late: it has ended.
        Assert.Equal(TimeSpan.FromSeconds(12), Waits(_health)[0].AvailableIn);
    }

    [Fact]
    public void Another_key_is_one_that_is_ready_now()
    {
        var attempt = Begin(_health);
        Assert.True(_health.HasOtherKeyThan(attempt.Key));
        Assert.True(_health.HasOtherKeyThan(null));

        Begin(_health).Fail(FailureKind.RateLimited);
        Assert.False(_health.HasOtherKeyThan(attempt.Key));
        Assert.True(_health.HasOtherKeyThan(null));

        attempt.Fail(FailureKind.Unauthorized);
        Assert.False(_health.HasOtherKeyThan(null));
        Assert.False(new EndpointHealth(_time).HasOtherKeyThan(null));
    }

    [Fact]
    public void Keys_may_become_known_late_and_what_is_known_of_those_that_stay_is_kept()
    {
        var early = _board.For(Model, new ModelEndpoint("late", "m"));
        Assert.Null(early.ChooseKey());

        _board.Register("LATE", Keys("1", "2"));
        Begin(early).Fail(FailureKind.Unauthorized);
        var underWay = Begin(early);
        _board.Register("late", Keys("0", "1"));

        Assert.Equal([("key 1", TimeSpan.Zero), ("key 2", TimeSpan.FromMinutes(10))], Waits(early));
        underWay.Fail(FailureKind.Unauthorized); // Its key is gone; nobody else suffers.
        Assert.Equal([("key 1", TimeSpan.Zero), ("key 2", TimeSpan.FromMinutes(10))], Waits(early));
        Assert.Equal(0, early.Snapshot().Failed);
    }

    [Fact]
    public void A_single_key_that_was_refused_keeps_its_endpoint_back_and_where_no_key_is_known_the_breaker_decides()
    {
        _board.Register("one", Keys("1"));
        var one = _board.For(Model, new ModelEndpoint("one", "m"));
        Begin(one).Fail(FailureKind.Unauthorized);
        Assert.Equal((TimeSpan.FromMinutes(10), BreakerState.Closed), (one.AvailableIn, one.Breaker));

        var unknown = _board.For(Model, new ModelEndpoint("unknown", "m"));
        unknown.Fail(FailureKind.Unauthorized);
        Assert.Equal((TimeSpan.Zero, 1L, 0), (unknown.AvailableIn, unknown.Snapshot().Failed, unknown.Snapshot().Keys.Count));
        2.Times(() => unknown.Fail(FailureKind.Unauthorized));
        Assert.Equal(BreakerState.Open, unknown.Breaker);
    }

    [Fact]
    public void To_choose_a_key_allocates_nothing()
    {
        _health.ChooseKey();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            _ = _health.ChooseKey();
            _ = _health.AvailableIn;
            _ = _health.HasOtherKeyThan(null);
        }

        // ManualTimeProvider reads its clock without allocating too.
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Under_concurrency_a_dead_key_is_probed_by_one_at_a_time()
    {
        Begin(_health).Fail(FailureKind.Unauthorized);
        _time.Advance(TimeSpan.FromMinutes(10));

        var used = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 1_000).Count(_ => _health.ChooseKey()!.Name == "key 1"))));

        Assert.Equal(1, used.Sum());
    }

    [Fact]
    public void The_keys_of_a_router_that_is_to_take_anothers_place_are_not_used_before_it_does()
    {
        var catalog = new ModelCatalog([Model with { Endpoints = [Endpoint] }]);
        RouterChatClient Router(RouterChatClient? predecessor, params string[] secrets) => new(
            new EndpointChatClient(new Dictionary<string, IChatClient> { ["acme"] = new KeyedFake(secrets) }), catalog,
            new RoutingOptions { Health = _board, Predecessor = predecessor });
        using var before = Router(null, "1");
        Assert.Equal(["key 1"], Waits(_health).Select(key => key.Name));

        using var after = Router(before, "1", "2", "3");
        Assert.Equal(["key 1"], Waits(_health).Select(key => key.Name));

        after.RegisterKeys();
        Assert.Equal(["key 1", "key 2", "key 3"], Waits(_health).Select(key => key.Name));
    }

    private static ProviderKey[] Keys(params string[] secrets) => [.. secrets.Select((secret, i) => new ProviderKey($"key {i + 1}", secret))];

    private static (string Name, TimeSpan AvailableIn)[] Waits(EndpointHealth health) =>
        [.. health.Snapshot().Keys.Select(key => (key.Name, key.AvailableIn))];

    private RouteAttempt Begin(EndpointHealth health) => new(0, "acme", null, null, health, null, _time) { Key = health.ChooseKey() };

    /// <summary>The keys of so many attempts that answer.</summary>
    private string[] Used(EndpointHealth health, int attempts) => [.. Enumerable.Range(0, attempts).Select(_ =>
    {
        var attempt = Begin(health);
        attempt.End(AttemptOutcome.Answered);
        return attempt.KeyName!;
    })];
}

using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Health;
using MeaiRouter.Keys;

namespace MeaiRouter.Core.Tests.Health;

public sealed class CallersKeyTests
{
    private static readonly Model Model = new("m");
    private static readonly ModelEndpoint Endpoint = new("acme", "small-v1");
    private static readonly ModelEndpoint Other = new("acme", "large-v1");

    private readonly ManualTimeProvider _time = new();
    private readonly HealthBoard _board;

    public CallersKeyTests()
    {
        _board = new HealthBoard(_time);
        _board.Register("acme", [new ProviderKey("key 1", "own")]);
    }

    [Fact]
    public void A_caller_s_key_has_a_health_of_its_own_wherever_it_comes_from_again()
    {
        var health = _board.For(Model, Endpoint, Key("alice"));

        Assert.Same(health, _board.For(Model, Endpoint, Key("alice")));
        Assert.NotSame(health, _board.For(Model, Endpoint, Key("bob")));
        Assert.NotSame(health, _board.For(Model, Other, Key("alice")));
        Assert.NotSame(health, _board.For(Model, Endpoint));
        Assert.Null(health.ChooseKey());
        Assert.False(health.HasOtherKeyThan(null));
    }

    [Fact]
    public void A_refused_one_rests_at_all_endpoints_for_its_caller_alone()
    {
        Fail(_board.For(Model, Endpoint, Key("alice")), Key("alice"), FailureKind.PaymentRequired);

        Assert.Equal(TimeSpan.FromMinutes(10), _board.For(Model, Endpoint, Key("alice")).AvailableIn);
        Assert.Equal(TimeSpan.FromMinutes(10), _board.For(Model, Other, Key("alice")).AvailableIn);
        Assert.Equal(BreakerState.Closed, _board.For(Model, Endpoint, Key("alice")).Breaker);
        Assert.Equal(TimeSpan.Zero, _board.For(Model, Endpoint, Key("bob")).AvailableIn);
        Assert.Equal(TimeSpan.Zero, _board.For(Model, Endpoint).AvailableIn);
        Assert.Equal("own", _board.For(Model, Endpoint).ChooseKey()!.Secret);
    }

    [Fact]
    public void Its_quota_is_shared_where_the_endpoints_share_one()
    {
        var (first, second) = (Endpoint with { QuotaDomain = "eu" }, Other with { QuotaDomain = "eu" });
        Fail(_board.For(Model, first, Key("alice")), Key("alice"), FailureKind.RateLimited, TimeSpan.FromSeconds(9));

        Assert.Equal(TimeSpan.FromSeconds(9), _board.For(Model, second, Key("alice")).AvailableIn);
        Assert.Equal([new KeyHealth("caller's key", TimeSpan.FromSeconds(9), null)], _board.For(Model, second, Key("alice")).Snapshot().Keys);
        Assert.Equal(TimeSpan.Zero, _board.For(Model, second).AvailableIn);
    }

    [Fact]
    public void The_least_used_are_forgotten_and_those_in_use_are_not()
    {
        var board = new HealthBoard(_time, new HealthOptions { CallersKeys = 16 });
        var (idle, busy) = (board.For(Model, Endpoint, Key("idle")), board.For(Model, Endpoint, Key("busy")));

        for (var i = 0; i < 1_000; i++)
        {
            board.For(Model, Endpoint, Key($"caller {i}"));
            Assert.Same(busy, board.For(Model, Endpoint, Key("busy")));
        }

        Assert.NotSame(idle, board.For(Model, Endpoint, Key("idle")));
    }

    [Fact]
    public void The_key_itself_is_not_kept()
    {
        var key = Use(_board);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(key.TryGetTarget(out _));
        GC.KeepAlive(_board);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<string> Use(HealthBoard board)
    {
        var secret = new string('s', 20);
        var key = new ProviderKey("caller's key", secret);
        Fail(board.For(Model, Endpoint, key), key, FailureKind.Unauthorized);
        return new WeakReference<string>(secret);
    }

    private static ProviderKey Key(string secret) => new("caller's key", secret);

    private static void Fail(EndpointHealth health, ProviderKey key, FailureKind kind, TimeSpan? retryAfter = null) =>
        new RouteAttempt(0, "acme", null, null, health, null, new ManualTimeProvider()) { Key = key }.Fail(kind, retryAfter);
}

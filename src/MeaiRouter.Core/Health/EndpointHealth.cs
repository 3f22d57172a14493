using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Limits;

namespace MeaiRouter.Health;

/// <summary>What is known about an endpoint from the attempts made at it. Read without a lock; its memory is fixed.</summary>
/// <remarks>
/// Counted are answers and failures whose kind says something about the endpoint. What the caller cancelled, what another endpoint
/// overtook and what was wrong with the request itself count for nothing. Kept apart are 429s, which rest the quota of the key they
/// were made with, and refusals of a known key (401, 402, 403), which rest the key: as long as another one is ready, neither keeps
/// the endpoint from being called.
/// </remarks>
public sealed class EndpointHealth : IAttemptObserver
{
    private const int HalfHour = 6;
    private const int TwoHours = 24;

    // The last minutes weigh most: half as much every five minutes.
    private const double Fading = 0.5;

    private static readonly long OutageTicks = TimeSpan.FromSeconds(30).Ticks;
    private static readonly long TroubleTicks = TimeSpan.FromMinutes(5).Ticks;

    private readonly TimeProvider _time;
    private readonly HealthOptions _options;
    private readonly CircuitBreaker _breaker;
    private readonly TrafficCap _cap;
    private readonly Lock _write = new();

    // Most endpoints of a large catalogue are never called, and cost nothing until they are.
    private AttemptHistory? _history;
    private EndpointKeys _keys;
    private double _latency = double.NaN;
    private long _lastTrouble = long.MinValue;
    private int _inFlight;

    /// <summary>Creates the health of an endpoint of which nothing is known.</summary>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="options">How to judge; <see langword="null"/> for the defaults.</param>
    public EndpointHealth(TimeProvider? timeProvider = null, HealthOptions? options = null)
        : this(timeProvider ?? TimeProvider.System, options ??= new HealthOptions(), EndpointKeys.Unknown(new Quota(options), options))
    {
    }

    internal EndpointHealth(TimeProvider time, HealthOptions options, EndpointKeys keys)
    {
        _time = time;
        _options = options;
        _keys = keys;
        _breaker = new CircuitBreaker(options);
        _cap = new TrafficCap(options);
    }

    /// <summary>How long answers take to show their first content.</summary>
    internal FirstContentExpectations Expectations { get; } = new();

    /// <summary>Attempts that have begun and not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether the breaker lets requests through.</summary>
    public BreakerState Breaker => _breaker.State(Now);

    /// <summary>How long until the endpoint is due again, because of its breaker or because all its keys rest; zero if it is available.</summary>
    public TimeSpan AvailableIn
    {
        get
        {
            var now = Now;
            return TimeSpan.FromTicks(Math.Max(now, Math.Max(_breaker.OpenUntil, Keys.ReadyAt)) - now);
        }
    }

    /// <summary>How reliably the endpoint answered in the last five minutes, or since it recovered from an outage within them.</summary>
    public UptimeClass Uptime => ClassOf(UptimeAt(Now));

    /// <summary>
    /// Whether the endpoint had a significant outage in the last 30 s: its breaker was open, or several requests failed and less than
    /// 80 % were answered.
    /// </summary>
    public bool HadRecentOutage
    {
        get
        {
            if (!MayBeTroubled)
                return false;

            var now = Now;
            if (_breaker.WasOpenSince(now - OutageTicks))
                return true;

            var (answered, failed, _) = Volatile.Read(ref _history)?.LastHalfMinute(now) ?? default;
            return failed >= _options.FailuresForOutage && answered < _options.DownBelow * (answered + failed);
        }
    }

    /// <summary>A running average of the seconds until the first content; <see langword="null"/> before the first answer.</summary>
    public double? AverageLatency => Volatile.Read(ref _latency) is var latency && double.IsNaN(latency) ? null : latency;

    /// <summary>Output tokens per second over five minutes; <see langword="null"/> if unknown.</summary>
    public Percentiles? Throughput => Volatile.Read(ref _history)?.Throughput(Now);

    /// <summary>Seconds to the first content of streamed answers over five minutes; <see langword="null"/> if there were none.</summary>
    public Percentiles? TimeToFirstContent => Volatile.Read(ref _history)?.TimeToFirstContent(Now);

    /// <summary>Seconds of whole calls over five minutes; <see langword="null"/> if there were no answers.</summary>
    public Percentiles? Duration => Volatile.Read(ref _history)?.Duration(Now);

    /// <summary>Whether there is anything lately for which the endpoint could have to stand back. Nearly always false, and then found out cheaply.</summary>
    internal bool MayBeTroubled
    {
        get
        {
            var lastTrouble = Math.Max(Volatile.Read(ref _lastTrouble), Keys.ReadyAt);
            return lastTrouble != long.MinValue && (_breaker.OpenUntil != long.MinValue || Now - lastTrouble < TroubleTicks);
        }
    }

    /// <summary>Whether an attempt has ended here.</summary>
    internal bool WasCalled => Volatile.Read(ref _history) is not null;

    /// <summary>Half an hour of traffic, the last minutes weighted most.</summary>
    internal Traffic RecentTraffic => Volatile.Read(ref _history)?.Total(Now, HalfHour, Fading) ?? default;

    /// <summary>Half an hour of traffic.</summary>
    internal Traffic HalfHourOfTraffic => Volatile.Read(ref _history)?.Total(Now, HalfHour, fading: 1) ?? default;

    /// <summary>Two hours of traffic.</summary>
    internal Traffic TwoHoursOfTraffic => Volatile.Read(ref _history)?.Total(Now, TwoHours, fading: 1) ?? default;

    /// <summary>The share of its traffic the endpoint should get while it recovers; otherwise 1.</summary>
    internal double RecoveryShare => _breaker.Share(Now);

    /// <summary>
    /// The share of its traffic the endpoint should get although its uptime is bad: none until it has not failed for half a minute, and then
    /// a growing one, because without traffic it could not show that it is well again.
    /// </summary>
    internal double SecondChance => Now - Volatile.Read(ref _lastTrouble) - OutageTicks is >= 0 and var ticks ? _options.ShareAfter(ticks) : 0;

    /// <summary>Requests that ended in the last minute, those in flight, and the tokens of the former, at all endpoints of the quota.</summary>
    internal (long Requests, long Tokens) LastMinute
    {
        get
        {
            var (requests, tokens) = Keys.LastMinute(Now);
            return (requests + InFlight, tokens);
        }
    }

    /// <summary>The part of its present load that the endpoint bears without 429s, as far as it has taught; 1 if all of it.</summary>
    internal double BearableShare
    {
        get
        {
            var now = Now;
            return _cap.LastRefusal == long.MinValue ? 1 : Math.Min(1, _cap.At(now) / Math.Max(1, Load(now)));
        }
    }

    /// <summary>How long ago the last 429 came; <see cref="TimeSpan.MaxValue"/> if none has.</summary>
    internal TimeSpan SinceRateLimit => _cap.LastRefusal is var last && last == long.MinValue ? TimeSpan.MaxValue : TimeSpan.FromTicks(Now - last);

    private EndpointKeys Keys => Volatile.Read(ref _keys);

    private long Now => _time.GetElapsedTime(0).Ticks;

    /// <summary>Everything at one moment.</summary>
    public HealthSnapshot Snapshot()
    {
        var now = Now;
        var history = Volatile.Read(ref _history);
        var (answered, failed, rateLimited) = history?.LastFiveMinutes(now) ?? default;
        var (tools, halfHour) = (TwoHoursOfTraffic, HalfHourOfTraffic);
        var uptime = UptimeAt(now);
        return new HealthSnapshot
        {
            Breaker = _breaker.State(now),
            Uptime = uptime,
            UptimeClass = ClassOf(uptime),
            UptimeOfHalfHour = halfHour.Answered + halfHour.Failed > 0 ? halfHour.Answered / (halfHour.Answered + halfHour.Failed) : null,
            AvailableIn = AvailableIn,
            InFlight = InFlight,
            Answered = answered,
            Failed = failed,
            RateLimited = rateLimited,
            TimeToFirstContent = history?.TimeToFirstContent(now),
            Throughput = history?.Throughput(now),
            Duration = history?.Duration(now),
            AverageLatency = AverageLatency,
            ToolCallValidity = tools.ToolAnswers > 0 ? 1 - (tools.BadToolAnswers / tools.ToolAnswers) : null,
            RateLimits = Keys.Limits,
            Keys = Keys.Snapshot(now),
        };
    }

    /// <summary>
    /// Takes note of what the provider's headers say about all keys of the endpoint. An exhausted limit rests the endpoint, and all that
    /// share its quota, until its reset.
    /// </summary>
    /// <remarks>For clients that cannot report it themselves; what an <see cref="IRateLimitSource"/> reports reaches the key that was used.</remarks>
    /// <param name="limits">The limits, as <see cref="RateLimitHeaders"/> reads them.</param>
    public void Observe(RateLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Keys.Learn(limits, Now);
    }

    /// <summary>
    /// Gives the probe of a half-open endpoint to the caller, who must then send his request there first. Only one caller gets it, until
    /// the probe has ended; a caller who has not begun within a second loses it.
    /// </summary>
    internal bool TryClaimProbe()
    {
        if (_breaker.OpenUntil == long.MinValue)
            return false;
        lock (_write)
            return _breaker.TryClaimProbe(Now);
    }

    /// <summary>Whether the endpoint could be called at once with another of its provider's own keys than the given one.</summary>
    internal bool HasOtherKeyThan(ProviderKey? key) => Keys.AnyReadyBut(key, Now);

    /// <summary>
    /// The own key for an attempt that begins at once: the next in turn that is ready, or else the one that is due first;
    /// <see langword="null"/> where there are none to choose from.
    /// </summary>
    internal ProviderKey? ChooseKey() => Keys is { HaveChoice: true } keys ? keys.Choose(Now) : null;

    /// <summary>Calls the endpoint with other keys than before.</summary>
    internal void Use(EndpointKeys keys) => Volatile.Write(ref _keys, keys);

    void IAttemptObserver.Begin()
    {
        Interlocked.Increment(ref _inFlight);
        if (_breaker.OpenUntil == long.MinValue)
            return;
        lock (_write)
            _breaker.Begin(Now);
    }

    void IAttemptObserver.End(RouteAttempt attempt)
    {
        var now = Now;
        var keys = Keys;
        var key = keys.Of(attempt.Key);
        key?.End(attempt, now);
        var isOfKey = key is null or { IsKnown: true };
        var hasOtherKey = keys.AnyReadyBut(attempt.Key, now);

        lock (_write)
            Record(attempt, isOfKey, hasOtherKey, now);
        Interlocked.Decrement(ref _inFlight);
    }

    void IAttemptObserver.Observe(RouteAttempt attempt, RateLimits limits) => Keys.Of(attempt.Key)?.Quota.Learn(limits, Now);

    private void Record(RouteAttempt attempt, bool isOfKey, bool hasOtherKey, long now)
    {
        if (_history is null)
            Volatile.Write(ref _history, new AttemptHistory());

        switch (attempt)
        {
            case { Outcome: AttemptOutcome.Answered }:
                if (_breaker.State(now) != BreakerState.Closed)
                {
                    // With its failures of before it would stand back for minutes, without a chance to show that they are past.
                    _history!.Recover();
                    Volatile.Write(ref _lastTrouble, now);
                }

                _history!.Answer(attempt, now);
                _breaker.Answer(now);
                ObserveLatency((attempt.TimeToFirstContent ?? attempt.Duration).TotalSeconds);
                break;
            case { Failure.Kind: FailureKind.RateLimited }:
                // What one key bears is not what the endpoint bears.
                if (!hasOtherKey)
                    _cap.Refuse(Load(now), now);
                _history!.RateLimit(now);
                _breaker.Abandon();
                break;
            case { Failure.Kind: FailureKind.Unauthorized or FailureKind.PaymentRequired or FailureKind.PermissionDenied } when isOfKey:
                _breaker.Abandon();
                break;
            case { Failure: { } failure } when failure.Kind.Consequences().CountsAgainstHealth:
                Volatile.Write(ref _lastTrouble, now);
                var isOfEarlierTime = _breaker.IsOfEarlierTime(now - attempt.Duration.Ticks);
                _history!.Fail(now, isOfEarlierTime);
                if (!isOfEarlierTime)
                    _breaker.Fail(now);
                break;
            default:
                _breaker.Abandon();
                break;
        }
    }

    private void ObserveLatency(double seconds)
    {
        var weight = double.IsNaN(_latency) ? 1 : _options.LatencyWeight;
        Volatile.Write(ref _latency, (weight * seconds) + (weight < 1 ? (1 - weight) * _latency : 0));
    }

    /// <summary>Requests in the last 30 s, those still in flight included.</summary>
    private double Load(long now)
    {
        var (answered, failed, rateLimited) = Volatile.Read(ref _history)?.LastHalfMinute(now) ?? default;
        return answered + failed + rateLimited + InFlight;
    }

    private double? UptimeAt(long now)
    {
        if (Volatile.Read(ref _history) is not { } history)
            return null;
        var (answered, failed) = history.SinceRecovery(now);
        return answered + failed >= _options.RequestsForUptime ? answered / (double)(answered + failed) : null;
    }

    private UptimeClass ClassOf(double? uptime) =>
        uptime < _options.DownBelow ? UptimeClass.Down : uptime < _options.DegradedBelow ? UptimeClass.Degraded : UptimeClass.Normal;
}

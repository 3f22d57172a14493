namespace MeaiRouter.Health;

/// <summary>Takes an endpoint out of the way while it fails, and lets single probes find out when it has recovered.</summary>
/// <remarks>
/// Ratios over a window are blind at low traffic, so two rules open it: failures in a row, and an error rate that is clearly above one half
/// although a prior doubts it. Written under the endpoint's lock, read without.
/// </remarks>
internal sealed class CircuitBreaker(HealthOptions options)
{
    private const int Answered = 0;
    private const int Failed = 1;
    private const long Never = long.MinValue;

    // A plan that claimed the probe begins its first attempt at once, or never.
    private static readonly long ClaimTicks = TimeSpan.FromSeconds(1).Ticks;

    // Longer than any probe should take; one whose end nobody tells of must not be the last.
    private static readonly long ProbeTicks = TimeSpan.FromMinutes(1).Ticks;

    // The short window sees a turn at high traffic, the long one an endpoint that is rarely called.
    private readonly SlidingWindow<int> _short = new(TimeSpan.FromSeconds(30), 6, 2);
    private readonly SlidingWindow<int> _long = new(TimeSpan.FromMinutes(5), 10, 2);
    private int _consecutive;
    private int _openings;
    private long _openUntil = Never;
    private long _closedAt = Never;
    private long _changedAt = Never;
    private long _probeUntil = Never;
    private long _openedAt = Never;

    /// <summary>When the pause is over; in the past, or never, if there is none.</summary>
    public long OpenUntil => Volatile.Read(ref _openUntil);

    /// <summary>When it opened, however many probes have failed since; of no meaning while it is closed.</summary>
    public long OpenedAt => Volatile.Read(ref _openedAt);

    public BreakerState State(long now) => OpenUntil switch
    {
        Never => BreakerState.Closed,
        var until when now < until => BreakerState.Open,
        _ => BreakerState.HalfOpen,
    };

    /// <summary>The share of its traffic the endpoint should get: less than 1 for a while after it has recovered.</summary>
    public double Share(long now)
    {
        var closedAt = Volatile.Read(ref _closedAt);
        return closedAt == Never ? 1 : options.ShareAfter(now - closedAt);
    }

    /// <summary>
    /// Whether an attempt began before the breaker last opened or closed, so that its failure tells of a time that has been judged already:
    /// the timeouts of an outage come in when it may be long over.
    /// </summary>
    public bool IsOfEarlierTime(long began) => began < _changedAt;

    /// <summary>Whether the breaker was open at the given time or has been since.</summary>
    public bool WasOpenSince(long time) => OpenUntil != Never || Volatile.Read(ref _closedAt) >= time;

    /// <summary>Gives the half-open breaker's probe to one caller. Who does not begin it at once loses it to the next.</summary>
    public bool TryClaimProbe(long now)
    {
        if (State(now) != BreakerState.HalfOpen || now < Volatile.Read(ref _probeUntil))
            return false;

        _probeUntil = now + ClaimTicks;
        return true;
    }

    /// <summary>An attempt has begun; if it may be the probe, there is no other until it ends.</summary>
    public void Begin(long now)
    {
        if (now < _probeUntil)
            _probeUntil = now + ProbeTicks;
    }

    public void Answer(long now)
    {
        _consecutive = 0;
        if (_openUntil == Never)
        {
            Count(now, Answered);
            return;
        }

        // What was counted before describes another time.
        _short.Clear();
        _long.Clear();
        _changedAt = now;
        Volatile.Write(ref _closedAt, now);
        Volatile.Write(ref _openUntil, Never);
        Volatile.Write(ref _probeUntil, Never);
    }

    public void Fail(long now)
    {
        _consecutive++;
        Count(now, Failed);
        switch (State(now))
        {
            case BreakerState.HalfOpen:
                Open(now);
                break;
            case BreakerState.Closed when _consecutive >= options.ConsecutiveFailures || IsClearlyFailing(_short, now) || IsClearlyFailing(_long, now):
                if (_closedAt == Never || now - _closedAt > options.OpenForAtMost.Ticks)
                    _openings = 0;
                Volatile.Write(ref _openedAt, now);
                Open(now);
                break;
        }
    }

    /// <summary>An attempt has ended without saying anything about the endpoint; if it was the probe, another may be made.</summary>
    public void Abandon() => Volatile.Write(ref _probeUntil, Never);

    private void Open(long now)
    {
        var pause = Math.Min(options.OpenFor.Ticks * Math.Pow(2, _openings), options.OpenForAtMost.Ticks);
        _openings++;
        _changedAt = now;
        Volatile.Write(ref _probeUntil, Never);
        Volatile.Write(ref _openUntil, now + (long)pause);
    }

    private void Count(long now, int column)
    {
        _short.Current(now)[column]++;
        _long.Current(now)[column]++;
    }

    // The error rate is Beta-distributed: its mean must lie above one half by more than its standard deviation explains.
    private bool IsClearlyFailing(SlidingWindow<int> window, long now)
    {
        var failures = options.PriorFailures + window.Sum(now, Failed);
        var successes = options.PriorSuccesses + window.Sum(now, Answered);
        var all = failures + successes;
        var mean = failures / all;
        var deviation = Math.Sqrt(mean * (1 - mean) / (all + 1));
        return mean - (options.Certainty * deviation) > 0.5;
    }
}

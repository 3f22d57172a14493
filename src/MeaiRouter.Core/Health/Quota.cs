using MeaiRouter.Limits;

namespace MeaiRouter.Health;

/// <summary>What a provider allows one key, shared by the endpoints that draw on it: a 429 at one of them rests them all.</summary>
internal sealed class Quota(HealthOptions options)
{
    private const int Requests = 0;
    private const int Tokens = 1;

    private readonly SlidingWindow<long> _minute = new(TimeSpan.FromMinutes(1), 12, 2);
    private readonly Lock _write = new();
    private long _restUntil = long.MinValue;
    private long _restSince = long.MinValue;
    private long _learnedAt = long.MinValue;
    private RateLimits? _limits;

    /// <summary>When the endpoints may be called again; in the past if they may.</summary>
    public long RestUntil => Volatile.Read(ref _restUntil);

    /// <summary>When the last rest began.</summary>
    public long RestSince => Volatile.Read(ref _restSince);

    /// <summary>What the provider last said.</summary>
    public RateLimits? Limits => Volatile.Read(ref _limits);

    /// <summary>When the provider last said something; <see cref="long.MinValue"/> if it never has.</summary>
    public long LearnedAt => Volatile.Read(ref _learnedAt);

    /// <summary>Requests that ended, and their tokens, in the last minute.</summary>
    public (long Requests, long Tokens) LastMinute(long now) => (_minute.Sum(now, Requests), _minute.Sum(now, Tokens));

    public void Count(long tokens, long now)
    {
        lock (_write)
        {
            var row = _minute.Current(now);
            row[Requests]++;
            row[Tokens] += tokens;
        }
    }

    /// <summary>Rests the quota. A shorter rest never cuts a longer one.</summary>
    public void Rest(TimeSpan time, long now)
    {
        var until = now + Math.Min(time.Ticks, options.RateLimitRestAtMost.Ticks);
        lock (_write)
        {
            if (_restUntil <= now)
                Volatile.Write(ref _restSince, now);
            Volatile.Write(ref _restUntil, Math.Max(_restUntil, until));
        }
    }

    public void Learn(RateLimits limits, long now)
    {
        Volatile.Write(ref _limits, limits);
        Volatile.Write(ref _learnedAt, now);
        if (limits.ExhaustedFor is { } time && time > TimeSpan.Zero)
            Rest(time, now);
    }
}

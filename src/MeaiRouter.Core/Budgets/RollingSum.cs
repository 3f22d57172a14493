namespace MeaiRouter.Budgets;

/// <summary>A sum over the last stretch of time, kept in sixty parts: what it counts leaves it at most a part late, never early.</summary>
internal sealed class RollingSum(TimeSpan length)
{
    private const int Parts = 60;

    private readonly long _part = Math.Max(1, length.Ticks / Parts);
    private readonly List<(long Part, long Amount)> _parts = [];

    public long Total { get; private set; }

    /// <summary>When the oldest of what is counted leaves; <see langword="null"/> if nothing is counted.</summary>
    public DateTimeOffset? NextExpiry => _parts.Count == 0 ? null : new DateTimeOffset((_parts[0].Part + Parts + 1) * _part, TimeSpan.Zero);

    /// <summary>Lets go of what has left.</summary>
    public void Expire(DateTimeOffset now)
    {
        var oldest = PartOf(now) - Parts;
        var gone = 0;
        while (gone < _parts.Count && _parts[gone].Part < oldest)
            Total -= _parts[gone++].Amount;
        if (gone > 0)
            _parts.RemoveRange(0, gone);
    }

    public void Clear()
    {
        _parts.Clear();
        Total = 0;
    }

    public void Add(DateTimeOffset now, long amount)
    {
        if (amount == 0)
            return;

        var part = PartOf(now);
        Total = checked(Total + amount);

        // A clock that went back counts into the newest part: that keeps the order, and forgets nothing early.
        if (_parts.Count > 0 && _parts[^1].Part >= part)
            _parts[^1] = (_parts[^1].Part, _parts[^1].Amount + amount);
        else
            _parts.Add((part, amount));
    }

    /// <summary>Changes what was added at an earlier moment, unless it has left.</summary>
    /// <returns>Whether it was still there.</returns>
    public bool Correct(DateTimeOffset at, long by)
    {
        var part = PartOf(at);
        var index = _parts.FindIndex(entry => entry.Part == part);
        if (index < 0)
            return false;

        _parts[index] = (part, _parts[index].Amount + by);
        Total += by;
        return true;
    }

    private long PartOf(DateTimeOffset moment) => moment.UtcTicks / _part;
}

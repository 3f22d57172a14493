using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>Whether a key was refused, and for how long it therefore rests. Read without a lock.</summary>
/// <remarks>A rest that is over is followed by one probe; until its answer the key stays aside, so that not every caller pays for a dead key.</remarks>
internal sealed class KeyRest(HealthOptions options)
{
    private const long Never = long.MinValue;

    // An attempt that claimed the probe and never ended loses it.
    private static readonly long ClaimTicks = TimeSpan.FromMinutes(1).Ticks;

    private readonly Lock _write = new();
    private long _until = Never;
    private long _probeUntil = Never;
    private long _since = Never;
    private FailureKind _why;
    private int _refusals;

    /// <summary>When the key may be used again; in the past if it may.</summary>
    public long ReadyAt => Math.Max(Volatile.Read(ref _until), Volatile.Read(ref _probeUntil));

    /// <summary>When the key was first refused since it was last accepted; of no meaning where it never was.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>With what the key was last refused.</summary>
    public FailureKind Why => _why;

    /// <summary>Takes the key for an attempt. After a rest only one attempt gets it: its probe.</summary>
    public bool TryTake(long now)
    {
        var until = Volatile.Read(ref _until);
        if (until == Never)
            return true;

        var probeUntil = Volatile.Read(ref _probeUntil);
        return until <= now && probeUntil <= now
            && Interlocked.CompareExchange(ref _probeUntil, now + ClaimTicks, probeUntil) == probeUntil;
    }

    /// <summary>The key was refused.</summary>
    /// <returns>Whether that is news: no refusal since the key was last accepted.</returns>
    public bool Refuse(FailureKind why, long now)
    {
        lock (_write)
        {
            // Others that were under way say what the first one did.
            if (now < _until)
                return false;

            var isNews = _refusals == 0;
            if (isNews)
                Volatile.Write(ref _since, now);
            _why = why;
            var pause = Math.Min(options.KeyRest.Ticks * Math.Pow(2, _refusals), options.KeyRestAtMost.Ticks);
            _refusals++;
            Volatile.Write(ref _until, now + (long)pause);
            Volatile.Write(ref _probeUntil, Never);
            return isNews;
        }
    }

    /// <summary>The key was accepted.</summary>
    /// <returns>Whether that is news: it had been refused before.</returns>
    public bool Accept()
    {
        if (Volatile.Read(ref _until) == Never)
            return false;
        lock (_write)
        {
            var isNews = _refusals > 0;
            _refusals = 0;
            Volatile.Write(ref _probeUntil, Never);
            Volatile.Write(ref _until, Never);
            return isNews;
        }
    }

    /// <summary>An attempt has ended without saying anything about the key; if it was the probe, another may be made.</summary>
    public void Abandon()
    {
        if (Volatile.Read(ref _probeUntil) != Never)
            Volatile.Write(ref _probeUntil, Never);
    }
}

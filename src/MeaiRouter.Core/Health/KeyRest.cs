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
    private int _refusals;

    /// <summary>When the key may be used again; in the past if it may.</summary>
    public long ReadyAt => Math.Max(Volatile.Read(ref _until), Volatile.Read(ref _probeUntil));

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
    public void Refuse(long now)
    {
        lock (_write)
        {
            // Others that were under way say what the first one did.
            if (now < _until)
                return;

            var pause = Math.Min(options.KeyRest.Ticks * Math.Pow(2, _refusals), options.KeyRestAtMost.Ticks);
            _refusals++;
            Volatile.Write(ref _until, now + (long)pause);
            Volatile.Write(ref _probeUntil, Never);
        }
    }

    /// <summary>The key was accepted.</summary>
    public void Accept()
    {
        if (Volatile.Read(ref _until) == Never)
            return;
        lock (_write)
        {
            _refusals = 0;
            Volatile.Write(ref _probeUntil, Never);
            Volatile.Write(ref _until, Never);
        }
    }

    /// <summary>An attempt has ended without saying anything about the key; if it was the probe, another may be made.</summary>
    public void Abandon()
    {
        if (Volatile.Read(ref _probeUntil) != Never)
            Volatile.Write(ref _probeUntil, Never);
    }
}

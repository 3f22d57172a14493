namespace MeaiRouter.Health;

/// <summary>The load an endpoint bears, learned from its 429s: lowered by each, and rising by itself while there are none.</summary>
internal sealed class TrafficCap(HealthOptions options)
{
    private Learned? _learned;

    /// <summary>When the last 429 came; <see cref="long.MinValue"/> if none has.</summary>
    public long LastRefusal => Volatile.Read(ref _learned)?.At ?? long.MinValue;

    /// <summary>The load the endpoint bears; infinite before the first 429.</summary>
    public double At(long now) => Volatile.Read(ref _learned) is { } learned
        ? learned.Load * Math.Pow(1 + options.TrafficCapGrowthPerMinute, (now - learned.At) / (double)TimeSpan.TicksPerMinute)
        : double.PositiveInfinity;

    /// <summary>A 429 came under the given load. A burst of them tells what the first did.</summary>
    public void Refuse(double load, long now) =>
        Volatile.Write(ref _learned, new Learned(Math.Min(At(now), Math.Max(1, load * options.TrafficCapShare)), now));

    private sealed record Learned(double Load, long At);
}

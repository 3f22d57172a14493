namespace MeaiRouter.Benchmarks.Gateway;

/// <summary>What one run of callers saw.</summary>
/// <param name="Times">How long each answer took.</param>
/// <param name="Duration">How long the run took.</param>
internal sealed record Sample(TimeSpan[] Times, TimeSpan Duration)
{
    public double PerSecond => Times.Length / Duration.TotalSeconds;

    /// <summary>The time, in microseconds, within which a share of the answers came.</summary>
    public double Percentile(double share)
    {
        var sorted = Times.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))].TotalMicroseconds;
    }
}

using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>What an endpoint should do at each percentile, over its last five minutes; <see langword="null"/> where it does not matter.</summary>
/// <remarks>A percentile is what so many requests did at least as well as: a throughput of 50 at P90 means that 90 % were at least that fast.</remarks>
public sealed record PercentileCutoffs
{
    /// <summary>For half of the requests.</summary>
    public double? P50 { get; init; }

    /// <summary>For 75 % of the requests.</summary>
    public double? P75 { get; init; }

    /// <summary>For 90 % of the requests.</summary>
    public double? P90 { get; init; }

    /// <summary>For 99 % of the requests.</summary>
    public double? P99 { get; init; }

    /// <summary>A single number is the cutoff for half of the requests.</summary>
    /// <param name="median">The cutoff.</param>
    public static implicit operator PercentileCutoffs(double median) => FromDouble(median);

    /// <summary>A single number is the cutoff for half of the requests.</summary>
    /// <param name="median">The cutoff.</param>
    public static PercentileCutoffs FromDouble(double median) => new() { P50 = median };

    internal bool IsBelow(in Percentiles measured) =>
        P50 > measured.P50 || P75 > measured.P75 || P90 > measured.P90 || P99 > measured.P99;

    internal bool IsAbove(in Percentiles measured) =>
        P50 < measured.P50 || P75 < measured.P75 || P90 < measured.P90 || P99 < measured.P99;
}

namespace MeaiRouter.Fallback;

/// <summary>When a second endpoint is started beside one that is slower than it usually is, long before it counts as silent.</summary>
/// <remarks>
/// Whichever shows content first answers; the other is cancelled and its cost booked. Endpoints that rest are not used for it, and
/// hedges draw on the <see cref="RetryBudget"/> like every further attempt.
/// </remarks>
public sealed class HedgingOptions
{
    /// <summary>
    /// The share of an endpoint's recent answers to prompts of about the same size that showed content sooner than a hedge is started.
    /// Nothing is hedged before 20 answers are known.
    /// </summary>
    /// <value>Default: 0.95.</value>
    public double Quantile { get; set; } = 0.95;

    /// <summary>The share of requests of the last half minute that may be hedged, but always one.</summary>
    /// <value>Default: 0.05.</value>
    public double MaxShare { get; set; } = 0.05;

    internal HedgingOptions Copy() => (HedgingOptions)MemberwiseClone();
}

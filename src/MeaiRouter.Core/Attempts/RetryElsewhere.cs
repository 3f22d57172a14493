namespace MeaiRouter.Attempts;

/// <summary>Whether a failed attempt may be followed by one at another endpoint.</summary>
public enum RetryElsewhere
{
    /// <summary>No other endpoint could do better.</summary>
    Never,

    /// <summary>Only an endpoint with a larger context.</summary>
    LargerContext,

    /// <summary>Any other endpoint.</summary>
    Always,
}

namespace MeaiRouter.Attempts;

/// <summary>Whether a failed attempt may be followed by another one at the same endpoint, before any other endpoint is tried.</summary>
public enum RetryHere
{
    /// <summary>The endpoint would fail again.</summary>
    Never,

    /// <summary>Once, after a moment of chance length, so that callers who failed together do not come back together.</summary>
    Once,

    /// <summary>At once with another key of the provider's; the one that was refused rests.</summary>
    NextKey,

    /// <summary>At once with another key of the provider's; where there is none, once more when the provider said, if that is soon.</summary>
    WhenAllowed,
}

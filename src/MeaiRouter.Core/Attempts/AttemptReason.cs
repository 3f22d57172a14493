namespace MeaiRouter.Attempts;

/// <summary>Why an attempt was made.</summary>
public enum AttemptReason
{
    /// <summary>It is the first of its request.</summary>
    First,

    /// <summary>An attempt at the same endpoint has failed; perhaps with another key.</summary>
    Retry,

    /// <summary>An attempt at another endpoint has failed.</summary>
    Fallback,

    /// <summary>An attempt at another endpoint is slow, and goes on beside it.</summary>
    Hedge,

    /// <summary>Another attempt's stream broke after the caller had seen part of it.</summary>
    Continuation,

    /// <summary>The endpoint was in trouble, and the attempt shows whether it has recovered.</summary>
    Probe,
}

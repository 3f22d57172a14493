namespace MeaiRouter.Core.Tests.Faults;

/// <summary>What becomes of a call to a simulated provider.</summary>
internal enum Fate
{
    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>It is answered with something else than usual.</summary>
    AnsweredOtherwise,

    /// <summary>503.</summary>
    Unavailable,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>429, for two seconds.</summary>
    RateLimited,

    /// <summary>The connection breaks before any answer.</summary>
    Reset,

    /// <summary>Nothing comes until the caller leaves.</summary>
    Silent,

    /// <summary>Nothing comes, and the caller's leaving is noticed only half a minute later.</summary>
    Deaf,

    /// <summary>The answer is empty.</summary>
    Empty,

    /// <summary>The connection breaks in the middle of the answer.</summary>
    Cut,

    /// <summary>Nothing more comes after the middle of the answer.</summary>
    Stalled,

    /// <summary>The answer ends in its middle without a finish reason.</summary>
    Ended,

    /// <summary>An error is reported in the middle of the answer.</summary>
    InBandError,

    /// <summary>400: nobody else would answer either.</summary>
    Invalid,
}

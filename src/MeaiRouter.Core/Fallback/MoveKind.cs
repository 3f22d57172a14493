namespace MeaiRouter.Fallback;

/// <summary>What is new about an attempt.</summary>
internal enum MoveKind
{
    /// <summary>An endpoint that the request has not tried.</summary>
    Elsewhere,

    /// <summary>The endpoint that just failed, once more.</summary>
    Again,

    /// <summary>The endpoint that just failed, with another of its provider's keys.</summary>
    NextKey,
}

namespace MeaiRouter.Attempts;

/// <summary>How an answer was continued by another attempt.</summary>
public enum SeamWay
{
    /// <summary>The attempt answered the request again, and what it said was verified to begin with what the caller already had.</summary>
    Restart,

    /// <summary>The attempt was shown what the caller already had, as the beginning of its own answer.</summary>
    Prefill,
}

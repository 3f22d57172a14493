namespace MeaiRouter.Attempts;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It has not ended.</summary>
    Running,

    /// <summary>Its answer is the caller's answer.</summary>
    Answered,

    /// <summary>It failed; the attempt's failure says how.</summary>
    Failed,

    /// <summary>Another attempt, running beside it, answered first.</summary>
    Superseded,

    /// <summary>The caller cancelled, or stopped reading.</summary>
    Cancelled,
}

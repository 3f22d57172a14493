namespace MeaiRouter.Testing;

/// <summary>How a recorded answer ended.</summary>
public enum RecordedEnd
{
    /// <summary>As HTTP prescribes.</summary>
    Complete,

    /// <summary>The connection broke before the end, or before the first byte.</summary>
    Broken,
}

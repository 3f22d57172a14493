namespace MeaiRouter.Routing;

/// <summary>The sections of a plan: a candidate never passes one of an earlier section.</summary>
internal enum KeySection
{
    /// <summary>Called with a key of the caller's that goes first.</summary>
    Prioritized,

    /// <summary>Called with the provider's own keys.</summary>
    Shared,

    /// <summary>Called with a key of the caller's that goes last.</summary>
    Fallback,
}

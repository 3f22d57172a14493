namespace MeaiRouter.Tests.Faults;

/// <summary>What a request whose first provider fails comes to.</summary>
internal enum FaultEnd
{
    /// <summary>The caller gets the second provider's answer and nothing of the first's.</summary>
    Replaced,

    /// <summary>The caller gets the first provider's answer as far as it came, and the rest from the second.</summary>
    Continued,

    /// <summary>The caller keeps what he has of the first provider's answer and gets the typed error.</summary>
    BrokenOff,

    /// <summary>The caller gets the typed error at once, because no other provider could do better.</summary>
    Refused,
}

namespace MeaiRouter.Testing;

/// <summary>How the exchange of one <see cref="ReceivedRequest"/> went, seen from the provider.</summary>
public enum RequestOutcome
{
    /// <summary>The script is still playing.</summary>
    Pending,

    /// <summary>The whole scripted answer was sent; an error status is an answer too.</summary>
    Answered,

    /// <summary>The script broke the connection off: a cut or a reset.</summary>
    BrokenOff,

    /// <summary>The client closed the connection before the script had sent its last byte.</summary>
    ClientAborted,

    /// <summary>The provider was disposed while the script was still playing.</summary>
    Stopped,
}

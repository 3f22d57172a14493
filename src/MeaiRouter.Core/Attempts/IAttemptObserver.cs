namespace MeaiRouter.Attempts;

/// <summary>Learns from the attempts at one endpoint.</summary>
internal interface IAttemptObserver
{
    /// <summary>An attempt begins.</summary>
    void Begin();

    /// <summary>The attempt has ended. Called exactly once for each that began.</summary>
    void End(RouteAttempt attempt);
}

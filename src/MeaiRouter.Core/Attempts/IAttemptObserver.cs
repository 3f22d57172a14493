using MeaiRouter.Limits;

namespace MeaiRouter.Attempts;

/// <summary>Learns from the attempts at one endpoint.</summary>
internal interface IAttemptObserver
{
    /// <summary>An attempt begins.</summary>
    void Begin();

    /// <summary>The provider has said something about its limits in the course of the attempt.</summary>
    void Observe(RouteAttempt attempt, RateLimits limits)
    {
    }

    /// <summary>The attempt has ended. Called exactly once for each that began.</summary>
    void End(RouteAttempt attempt);
}

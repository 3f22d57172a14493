using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>What is known about an endpoint from the attempts made at it. Read without a lock.</summary>
public sealed class EndpointHealth : IAttemptObserver
{
    private int _inFlight;

    /// <summary>Attempts that have begun and not ended.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    void IAttemptObserver.Begin() => Interlocked.Increment(ref _inFlight);

    void IAttemptObserver.End(RouteAttempt attempt) => Interlocked.Decrement(ref _inFlight);
}

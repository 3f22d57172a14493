namespace MeaiRouter.Limits;

/// <summary>Learns, in the course of one call, what the provider says about its limits.</summary>
public interface IRateLimitObserver
{
    /// <summary>Takes note of what a response said. Must be quick and must not throw: the call waits for it.</summary>
    /// <param name="limits">The limits stated with the response.</param>
    void Observe(RateLimits limits);
}

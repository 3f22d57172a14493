using MeaiRouter.Attempts;

namespace MeaiRouter.Routing;

/// <summary>Reads the route from failures.</summary>
public static class RouterExceptionExtensions
{
    /// <summary>
    /// The plan of the request that failed, without candidates where no endpoint may serve it; <see langword="null"/> where the failure came before any
    /// plan, or is that of a single call.
    /// </summary>
    /// <param name="failure">The failure.</param>
    public static RoutePlan? GetRoutePlan(this RouterException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Route as RoutePlan;
    }
}

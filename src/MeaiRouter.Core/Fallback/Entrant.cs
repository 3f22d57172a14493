using MeaiRouter.Attempts;

namespace MeaiRouter.Fallback;

/// <summary>An attempt that takes part in a race, with its own cancellation.</summary>
internal sealed class Entrant<T>(RouteAttempt attempt, CancellationToken request)
{
    /// <summary>The attempt; the latest one where a policy repeated it.</summary>
    public RouteAttempt Attempt => attempt.Latest;

    /// <summary>What counts towards its soft deadline: everything since its first call, but not the wait for room before it.</summary>
    public TimeSpan Elapsed => attempt.SinceFirstCall;

    public CancellationTokenSource Cancellation { get; } = CancellationTokenSource.CreateLinkedTokenSource(request);

    public Task<T> Task { get; set; } = null!;

    /// <summary>Whether its soft deadline has passed, so that another one runs beside it.</summary>
    public bool IsLate { get; set; }
}

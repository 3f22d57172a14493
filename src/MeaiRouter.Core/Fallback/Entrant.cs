using MeaiRouter.Attempts;

namespace MeaiRouter.Fallback;

/// <summary>An attempt that takes part in a race, with its own cancellation.</summary>
internal sealed class Entrant<T>(RouteAttempt attempt, long started, CancellationToken request)
{
    public RouteAttempt Attempt => attempt;

    /// <summary>The timestamp from which its soft deadline counts.</summary>
    public long Started => started;

    public CancellationTokenSource Cancellation { get; } = CancellationTokenSource.CreateLinkedTokenSource(request);

    public Task<T> Task { get; set; } = null!;

    /// <summary>Whether its soft deadline has passed, so that another one runs beside it.</summary>
    public bool IsLate { get; set; }
}

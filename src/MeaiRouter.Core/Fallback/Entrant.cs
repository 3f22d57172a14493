using MeaiRouter.Attempts;
using MeaiRouter.Health;

namespace MeaiRouter.Fallback;

/// <summary>An attempt that takes part in a race, with its own cancellation.</summary>
internal sealed class Entrant<T>(RouteAttempt attempt, int index, EndpointHealth health)
{
    /// <summary>The attempt; the latest one where a policy repeated it.</summary>
    public RouteAttempt Attempt => attempt.Latest;

    /// <summary>Which of the alternatives it is.</summary>
    public int Index => index;

    public EndpointHealth Health => health;

    /// <summary>What counts towards its deadlines: everything since its first call, but not the wait for room before it.</summary>
    public TimeSpan Elapsed => attempt.SinceFirstCall;

    /// <summary>Its own cancellation. The race cancels it with the request; whoever takes a winner whose answer is still coming must do so himself.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    public Task<T> Task { get; set; } = null!;

    /// <summary>How long it may show nothing; <see langword="null"/> until somebody has to wait for it.</summary>
    public Deadlines? Deadlines { get; set; }

    /// <summary>Whether its soft deadline has passed.</summary>
    public bool IsLate { get; set; }

    /// <summary>Whether another one may run beside it.</summary>
    public bool IsPassed { get; set; }

    /// <summary>The one that began after it.</summary>
    public Entrant<T>? Next { get; set; }
}

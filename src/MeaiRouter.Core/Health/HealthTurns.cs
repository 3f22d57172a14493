using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>Tells a watch of an endpoint's turns rather than of its failures: that it rests is said once, and once that it is back.</summary>
internal sealed class HealthTurns(IHealthWatch watch)
{
    private bool _isQuotaResting;

    /// <param name="attempt">The attempt that has ended.</param>
    /// <param name="refused">The key it was made with, if that was refused or accepted for the first time; otherwise <see langword="null"/>.</param>
    /// <param name="wasOpen">Whether the breaker was open before.</param>
    /// <param name="isOpen">Whether it is now.</param>
    /// <param name="rest">The endpoint's rest now.</param>
    public void Tell(RouteAttempt attempt, KeyHealth? refused, bool wasOpen, bool isOpen, EndpointRest? rest)
    {
        var kind = attempt.Failure?.Kind;
        if (refused is not null)
            watch.KeyTurned(refused.Name, kind, refused.AvailableIn);

        if (!wasOpen && isOpen)
        {
            if (rest is not null && !Volatile.Read(ref _isQuotaResting))
                watch.Turned(rest);
        }
        else if (kind is FailureKind.RateLimited or FailureKind.Unauthorized or FailureKind.PaymentRequired or FailureKind.PermissionDenied)
        {
            // As long as another key is ready, the endpoint does not rest.
            if (!isOpen && rest is not null && !Interlocked.Exchange(ref _isQuotaResting, true))
                watch.Turned(rest);
        }
        else if (attempt.Outcome == AttemptOutcome.Answered && !isOpen)
        {
            var wasQuotaResting = Volatile.Read(ref _isQuotaResting) && Interlocked.Exchange(ref _isQuotaResting, false);
            if (wasOpen || wasQuotaResting)
                watch.Turned(null);
        }
    }
}

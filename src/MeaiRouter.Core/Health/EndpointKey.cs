using MeaiRouter.Attempts;
using MeaiRouter.Keys;

namespace MeaiRouter.Health;

/// <summary>One key at one endpoint: when it may be used there and what it may use.</summary>
/// <param name="name">The key's name; <see langword="null"/> where the provider's client chooses among keys by itself.</param>
/// <param name="own">The key, if it is the provider's own; a caller's is never kept.</param>
/// <param name="rest">The key's rest at all endpoints of the provider; <see langword="null"/> where the key is unknown.</param>
/// <param name="quota">What the key may use at the endpoint, or at all that share its quota.</param>
/// <param name="options">How to judge.</param>
internal sealed class EndpointKey(string? name, ProviderKey? own, KeyRest? rest, Quota quota, HealthOptions options)
{
    // A 403 is about this model more often than about the key; it says nothing about other endpoints.
    private KeyRest? _hereOnly;

    public ProviderKey? Own => own;

    public Quota Quota => quota;

    /// <summary>Whether attempts tell which key they were made with, so that refusals are the key's rather than the endpoint's.</summary>
    public bool IsKnown => rest is not null;

    /// <summary>When the key may be used here again; in the past if it may.</summary>
    public long ReadyAt
    {
        get
        {
            var readyAt = quota.RestUntil;
            if (rest is not null)
                readyAt = Math.Max(readyAt, rest.ReadyAt);
            return Volatile.Read(ref _hereOnly) is { } hereOnly ? Math.Max(readyAt, hereOnly.ReadyAt) : readyAt;
        }
    }

    /// <summary>Takes the key for an attempt, unless it rests.</summary>
    public bool TryTake(long now) => ReadyAt <= now
        && rest?.TryTake(now) != false
        && Volatile.Read(ref _hereOnly)?.TryTake(now) != false;

    /// <summary>An attempt with the key has ended.</summary>
    public void End(RouteAttempt attempt, long now)
    {
        if (attempt.WasSent)
            quota.Count(attempt.Usage?.Total ?? 0, now);
        var kind = attempt.Failure?.Kind;
        if (kind == FailureKind.RateLimited)
            quota.Rest(attempt.Failure!.RetryAfter ?? options.RateLimitRest, now);
        if (rest is null)
            return;

        var hereOnly = Volatile.Read(ref _hereOnly);
        switch (kind)
        {
            case FailureKind.Unauthorized or FailureKind.PaymentRequired:
                rest.Refuse(now);
                hereOnly?.Abandon();
                break;
            case FailureKind.PermissionDenied:
                rest.Abandon();
                (hereOnly ?? RestHere()).Refuse(now);
                break;
            case null when attempt.Outcome == AttemptOutcome.Answered:
                rest.Accept();
                hereOnly?.Accept();
                break;
            default:
                rest.Abandon();
                hereOnly?.Abandon();
                break;
        }
    }

    public KeyHealth Snapshot(long now) => new(
        name!, TimeSpan.FromTicks(Math.Max(now, ReadyAt) - now), quota.Limits);

    private KeyRest RestHere()
    {
        Interlocked.CompareExchange(ref _hereOnly, new KeyRest(options), null);
        return _hereOnly;
    }
}

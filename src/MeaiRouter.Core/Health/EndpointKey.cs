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
    private const int RateLimitedStatus = 429;

    // A 403 is about this model more often than about the key; it says nothing about other endpoints.
    private KeyRest? _hereOnly;

    public ProviderKey? Own => own;

    public Quota Quota => quota;

    /// <summary>Whether attempts tell which key they were made with, so that refusals are the key's rather than the endpoint's.</summary>
    public bool IsKnown => rest is not null;

    /// <summary>Whether the key can be told of by name: it is one of the provider's own.</summary>
    public bool IsNamed => name is not null && own is not null;

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

    /// <summary>What keeps the key from being used longest, if anything does.</summary>
    public Resting Rest
    {
        get
        {
            var longest = new Resting(FailureKind.RateLimited, RateLimitedStatus, quota.RestSince, quota.RestUntil);
            if (rest is not null && rest.ReadyAt > longest.Until)
                longest = new Resting(rest.Why, StatusOf(rest.Why), rest.Since, rest.ReadyAt);
            return Volatile.Read(ref _hereOnly) is { } hereOnly && hereOnly.ReadyAt > longest.Until
                ? new Resting(hereOnly.Why, StatusOf(hereOnly.Why), hereOnly.Since, hereOnly.ReadyAt)
                : longest;
        }
    }

    /// <summary>Takes the key for an attempt, unless it rests.</summary>
    public bool TryTake(long now) => ReadyAt <= now
        && rest?.TryTake(now) != false
        && Volatile.Read(ref _hereOnly)?.TryTake(now) != false;

    /// <summary>An attempt with the key has ended.</summary>
    /// <returns>Whether the key was refused for the first time, or accepted for the first time since.</returns>
    public bool End(RouteAttempt attempt, long now)
    {
        if (attempt.WasSent)
            quota.Count(attempt.Usage?.Total ?? 0, now);
        var kind = attempt.Failure?.Kind;
        if (kind == FailureKind.RateLimited)
            quota.Rest(attempt.Failure!.RetryAfter ?? options.RateLimitRest, now);
        if (rest is null)
            return false;

        var hereOnly = Volatile.Read(ref _hereOnly);
        switch (kind)
        {
            case FailureKind.Unauthorized or FailureKind.PaymentRequired:
                hereOnly?.Abandon();
                return rest.Refuse(kind.Value, now);
            case FailureKind.PermissionDenied:
                rest.Abandon();
                return (hereOnly ?? RestHere()).Refuse(kind.Value, now);
            case null when attempt.Outcome == AttemptOutcome.Answered:
                return rest.Accept() | hereOnly?.Accept() == true;
            default:
                rest.Abandon();
                hereOnly?.Abandon();
                return false;
        }
    }

    public KeyHealth Snapshot(long now) => new(
        name!, TimeSpan.FromTicks(Math.Max(now, ReadyAt) - now), quota.Limits);

    private static int? StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.Unauthorized => 401,
        FailureKind.PaymentRequired => 402,
        FailureKind.PermissionDenied => 403,
        _ => null,
    };

    private KeyRest RestHere()
    {
        Interlocked.CompareExchange(ref _hereOnly, new KeyRest(options), null);
        return _hereOnly;
    }
}

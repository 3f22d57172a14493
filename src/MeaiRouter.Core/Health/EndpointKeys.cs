using MeaiRouter.Keys;
using MeaiRouter.Limits;

namespace MeaiRouter.Health;

/// <summary>The keys an endpoint can be called with, of which the next ready one is taken in turn. Read without a lock; never changed.</summary>
internal sealed class EndpointKeys(EndpointKey[] keys)
{
    private int _turn;

    /// <summary>Where the provider's client chooses by itself, all its keys are one.</summary>
    public static EndpointKeys Unknown(Quota quota, HealthOptions options) => new([new EndpointKey(null, null, null, quota, options)]);

    /// <summary>When the first of the keys may be used; in the past if one may.</summary>
    public long ReadyAt
    {
        get
        {
            var first = keys[0].ReadyAt;
            for (var i = 1; i < keys.Length; i++)
                first = Math.Min(first, keys[i].ReadyAt);
            return first;
        }
    }

    /// <summary>What keeps the first of the keys that will be ready from being so now; of no meaning where one is.</summary>
    public Resting Rest
    {
        get
        {
            var first = keys[0].Rest;
            for (var i = 1; i < keys.Length; i++)
            {
                if (keys[i].Rest is var other && other.Until < first.Until)
                    first = other;
            }

            return first;
        }
    }

    /// <summary>What the provider last said, whichever key it said it about.</summary>
    public RateLimits? Limits
    {
        get
        {
            var newest = keys[0].Quota;
            foreach (var key in keys)
            {
                if (key.Quota.LearnedAt > newest.LearnedAt)
                    newest = key.Quota;
            }

            return newest.Limits;
        }
    }

    /// <summary>Whether there are keys of the provider's own to choose from.</summary>
    public bool HaveChoice => keys[0].Own is not null;

    /// <summary>The key for the next attempt. If all rest, the one that is due first: better than nothing.</summary>
    public ProviderKey? Choose(long now)
    {
        var turn = (uint)Interlocked.Increment(ref _turn) - 1;
        var soonest = keys[turn % keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var key = keys[(turn + i) % keys.Length];
            if (key.TryTake(now))
                return key.Own;
            if (key.ReadyAt < soonest.ReadyAt)
                soonest = key;
        }

        return soonest.Own;
    }

    /// <summary>The key an attempt was made with; <see langword="null"/> if it is none of these any more.</summary>
    public EndpointKey? Of(ProviderKey? key)
    {
        // A single one is either the only choice, a caller's, or one the provider's client chooses by itself.
        if (keys.Length == 1)
            return keys[0];
        foreach (var known in keys)
        {
            if (ReferenceEquals(known.Own, key))
                return known;
        }

        return null;
    }

    public bool AnyReadyBut(ProviderKey? key, long now)
    {
        foreach (var other in keys)
        {
            if (other.Own is { } own && !ReferenceEquals(own, key) && other.ReadyAt <= now)
                return true;
        }

        return false;
    }

    /// <summary>Limits that hold for no key in particular.</summary>
    public void Learn(RateLimits limits, long now)
    {
        foreach (var key in keys)
            key.Quota.Learn(limits, now);
    }

    /// <summary>Requests that ended, and their tokens, in the last minute.</summary>
    public (long Requests, long Tokens) LastMinute(long now)
    {
        var (requests, tokens) = keys[0].Quota.LastMinute(now);
        for (var i = 1; i < keys.Length; i++)
        {
            var more = keys[i].Quota.LastMinute(now);
            requests += more.Requests;
            tokens += more.Tokens;
        }

        return (requests, tokens);
    }

    public IReadOnlyList<KeyHealth> Snapshot(long now) => keys[0].IsKnown ? [.. keys.Select(key => key.Snapshot(now))] : [];
}

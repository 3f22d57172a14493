namespace MeaiRouter.Limits;

/// <summary>What a provider's headers say about its rate limits. Every part is <see langword="null"/> where the headers are silent.</summary>
public sealed record RateLimits
{
    /// <summary>The limit on requests.</summary>
    public RateLimit? Requests { get; init; }

    /// <summary>The limit on tokens.</summary>
    public RateLimit? Tokens { get; init; }

    /// <summary>The limit on input tokens, where it stands apart.</summary>
    public RateLimit? InputTokens { get; init; }

    /// <summary>The limit on output tokens, where it stands apart.</summary>
    public RateLimit? OutputTokens { get; init; }

    /// <summary>How long until the last of the exhausted limits is full again; <see langword="null"/> if none is exhausted.</summary>
    public TimeSpan? ExhaustedFor
    {
        get
        {
            TimeSpan? longest = null;
            foreach (var limit in (ReadOnlySpan<RateLimit?>)[Requests, Tokens, InputTokens, OutputTokens])
            {
                if (limit is { Remaining: 0, ResetsIn: { } time } && !(longest >= time))
                    longest = time;
            }

            return longest;
        }
    }
}

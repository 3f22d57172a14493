namespace MeaiRouter.Routing;

/// <summary>What the response cache had to do with an answer.</summary>
/// <param name="IsHit">Whether the answer came from the cache, so that no provider was called for it.</param>
/// <param name="TimeToLive">How long an answer is kept from the moment it was given.</param>
/// <param name="Age">How old the answer is; zero for one that was just given.</param>
/// <param name="SourceId">The id of the request the answer was first given to; <see langword="null"/> unless it came from the cache.</param>
public sealed record CacheUse(bool IsHit, TimeSpan TimeToLive, TimeSpan Age, string? SourceId)
{
    /// <summary>The provider that gave the answer when it was first given; <see langword="null"/> if unknown, or it did not come from the cache.</summary>
    public string? Provider { get; init; }

    /// <summary>The catalogue's model that gave it; <see langword="null"/> if unknown, or it did not come from the cache.</summary>
    public string? Model { get; init; }
}

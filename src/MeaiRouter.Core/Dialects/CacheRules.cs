namespace MeaiRouter.Dialects;

/// <summary>Where an endpoint wants marks (<c>cache_control</c> or <c>prompt_cache_breakpoint</c>) for its prompt cache.</summary>
public sealed record CacheRules
{
    // Anthropic's limit.
    private const int DefaultBreakpoints = 4;

    /// <summary>What most endpoints take: none.</summary>
    public static CacheRules Default { get; } = new();

    /// <summary>Which marks are sent. Default: <see cref="CacheMarks.None"/>.</summary>
    public CacheMarks Marks { get; init; }

    /// <summary>
    /// How many marks a request may hold. Of more, the last ones are kept, and the last on tools or the system's words, which other
    /// conversations share. Default: 4.
    /// </summary>
    public int MaxBreakpoints { get; init; } = DefaultBreakpoints;

    /// <summary>Whether a mark may ask for an hour (<c>"ttl": "1h"</c>). Default: <see langword="false"/>.</summary>
    public bool TakesOneHour { get; init; }
}

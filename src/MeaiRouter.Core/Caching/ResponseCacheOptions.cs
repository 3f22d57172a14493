namespace MeaiRouter.Caching;

/// <summary>Which answers are kept, and for how long.</summary>
public sealed class ResponseCacheOptions
{
    /// <summary>The shortest time an answer can be kept.</summary>
    public static readonly TimeSpan ShortestTimeToLive = TimeSpan.FromSeconds(1);

    /// <summary>The longest time an answer can be kept, as at OpenRouter.</summary>
    public static readonly TimeSpan LongestTimeToLive = TimeSpan.FromDays(1);

    /// <summary>Whether requests that do not say so themselves use the cache.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How long an answer is kept, from one second to a day.</summary>
    /// <value>Default: 5 minutes, as at OpenRouter.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest answer that is kept, in bytes as stored.</summary>
    /// <value>Default: 1 MiB.</value>
    public int MaxAnswerBytes { get; set; } = 1024 * 1024;

    internal ResponseCacheOptions Validated()
    {
        var errors = new List<string>();
        if (TimeToLive < ShortestTimeToLive || TimeToLive > LongestTimeToLive)
            errors.Add($"{nameof(TimeToLive)} is {TimeToLive}; it must be from {ShortestTimeToLive} to {LongestTimeToLive}.");
        if (MaxAnswerBytes < 1)
            errors.Add($"{nameof(MaxAnswerBytes)} is {MaxAnswerBytes}; it must be at least 1.");
        return errors.Count == 0 ? (ResponseCacheOptions)MemberwiseClone() : throw new ArgumentException(string.Join(" ", errors));
    }
}

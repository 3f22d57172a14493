namespace MeaiRouter.Affinity;

/// <summary>How conversations stay with the endpoint whose prompt cache holds them.</summary>
public sealed class AffinityOptions
{
    /// <summary>Whether they do.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// How many conversations are remembered, and as many open tool calls. Beyond it those are forgotten that have not been asked for
    /// lately. Captured when the router is created.
    /// </summary>
    /// <value>Default: 10,000, which takes a few megabytes at most.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Capacity
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10_000;

    /// <summary>
    /// How long after its last answer a conversation is remembered; an hour at least where the provider was seen to write to a cache that
    /// lives for an hour. Captured when the router is created.
    /// </summary>
    /// <value>Default: 10 minutes, as at OpenRouter.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public TimeSpan TimeToLive
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromMinutes(10);
}

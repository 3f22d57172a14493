namespace MeaiRouter.Fallback;

/// <summary>What the races of one fallback layer have in common.</summary>
internal sealed class RaceSettings(NamedClient primary, NamedClient[] backups, FallbackOptions options, TimeProvider time)
{
    /// <summary>The client with which the plan's candidates are called, or which itself is tried first where there is no plan.</summary>
    public NamedClient Primary => primary;

    public NamedClient[] Backups => backups;

    public FallbackOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>What stands between an attempt and its call.</summary>
    public EndpointAccess Access { get; } = new(options, time);

    public RetryBudget Budget { get; } = options.RetryBudget ?? new RetryBudget();

    /// <summary>The hedges that may be started; <see langword="null"/> if nobody asked for any.</summary>
    public RetryBudget? Hedges { get; } = options.Hedging is { } hedging ? new RetryBudget(hedging.MaxShare, floor: 1) : null;

    /// <summary>The present, in ticks, as budgets count it.</summary>
    public long Now => time.GetElapsedTime(0).Ticks;
}

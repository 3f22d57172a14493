namespace MeaiRouter.Fallback;

/// <summary>What the races of one fallback layer have in common.</summary>
/// <param name="primary">The client with which the plan's candidates are called.</param>
/// <param name="backups">The clients to turn to.</param>
/// <param name="options">How often and how long to try, validated.</param>
/// <param name="time">The clock.</param>
/// <param name="predecessor">Whose counts are taken over, as far as the options are the same; <see langword="null"/> for nobody's.</param>
internal sealed class RaceSettings(NamedClient primary, NamedClient[] backups, FallbackOptions options, TimeProvider time, RaceSettings? predecessor = null)
{
    /// <summary>The client with which the plan's candidates are called, or which itself is tried first where there is no plan.</summary>
    public NamedClient Primary => primary;

    public NamedClient[] Backups => backups;

    public FallbackOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>What stands between an attempt and its call.</summary>
    public EndpointAccess Access { get; } = new(options, time, predecessor?.Access);

    public RetryBudget Budget { get; } = Continue(options.RetryBudget ?? new RetryBudget(), predecessor?.Budget);

    /// <summary>The hedges that may be started; <see langword="null"/> if nobody asked for any.</summary>
    public RetryBudget? Hedges { get; } = options.Hedging is { } hedging ? Continue(new RetryBudget(hedging.MaxShare, floor: 1), predecessor?.Hedges) : null;

    /// <summary>The present, in ticks, as budgets count it.</summary>
    public long Now => time.GetElapsedTime(0).Ticks;

    private static RetryBudget Continue(RetryBudget budget, RetryBudget? before) =>
        before is not null && (before.Share, before.Floor, before.Window) == (budget.Share, budget.Floor, budget.Window) ? before : budget;
}

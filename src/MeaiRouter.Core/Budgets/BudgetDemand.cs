using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>What a call asks of all budgets it draws on.</summary>
/// <param name="Claims">The budgets, each account once.</param>
public readonly record struct BudgetDemand(ReadOnlyMemory<BudgetClaim> Claims)
{
    /// <summary>The most the call can cost. A call that can cost nothing is not refused for money.</summary>
    public NanoUsd Most { get; init; }

    /// <summary>What such calls cost at most of late, no more than <see cref="Most"/>: what is held where a budget overcommits.</summary>
    public NanoUsd Expected { get; init; }

    /// <summary>The most tokens, in and out, the call can use.</summary>
    public long Tokens { get; init; }

    /// <summary>How long to wait for the end of the call before its reservation is booked as it stands.</summary>
    public TimeSpan Lease { get; init; }
}

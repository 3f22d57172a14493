using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>What one reservation holds in one account. It belongs to the account's lock, and is a link in the account's list of open holds.</summary>
internal sealed class BudgetHold(in BudgetClaim claim, BudgetAccount account)
{
    public BudgetClaim Claim { get; } = claim;

    public BudgetAccount Account { get; } = account;

    public HoldState State { get; set; }

    /// <summary>The money counted as reserved.</summary>
    public NanoUsd Held { get; set; }

    /// <summary>The most the call can cost.</summary>
    public NanoUsd Most { get; set; }

    public long Tokens { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When it was swept.</summary>
    public DateTimeOffset SweptAt { get; set; }

    /// <summary>The end of the window into which it was swept.</summary>
    public DateTimeOffset SweptInto { get; set; }

    public BudgetHold? Previous { get; set; }

    public BudgetHold? Next { get; set; }

    internal enum HoldState
    {
        Open,
        Swept,
        Settled,
    }
}

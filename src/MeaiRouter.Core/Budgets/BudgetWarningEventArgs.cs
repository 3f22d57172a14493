namespace MeaiRouter.Budgets;

/// <summary>Tells that spending reached a share of a limit.</summary>
/// <param name="balance">The account, as it was right after.</param>
/// <param name="share">The share of the limit that was reached, such as 0.8.</param>
public sealed class BudgetWarningEventArgs(BudgetBalance balance, decimal share) : EventArgs
{
    /// <summary>The account, as it was right after.</summary>
    public BudgetBalance Balance { get; } = balance;

    /// <summary>The share of the limit that was reached, such as 0.8.</summary>
    public decimal Share { get; } = share;
}

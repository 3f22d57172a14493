using MeaiRouter.Attempts;

namespace MeaiRouter.Budgets;

/// <summary>Tells that a budget had no room for a call.</summary>
/// <param name="refusal">Which budget, and what would have had room.</param>
public sealed class BudgetRefusedEventArgs(BudgetRefusal refusal) : EventArgs
{
    /// <summary>Which budget, and what would have had room.</summary>
    public BudgetRefusal Refusal { get; } = refusal;
}

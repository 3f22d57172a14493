using MeaiRouter.Attempts;

namespace MeaiRouter.Budgets;

/// <summary>What a store decided: a reservation, or which budget refused it.</summary>
public readonly record struct BudgetDecision
{
    /// <summary>A decision to admit the call.</summary>
    /// <param name="reservation">What is held for it.</param>
    public BudgetDecision(BudgetReservation reservation) => Reservation = reservation;

    /// <summary>A decision to refuse the call.</summary>
    /// <param name="refusedBy">The budget that had no room.</param>
    /// <param name="refusal">How much room it had.</param>
    public BudgetDecision(Budget refusedBy, BudgetRefusal refusal)
    {
        RefusedBy = refusedBy;
        Refusal = refusal;
    }

    /// <summary>What is held; <see langword="null"/> where the call is refused, and then nothing is held anywhere.</summary>
    public BudgetReservation? Reservation { get; }

    /// <summary>The budget that had no room; <see langword="null"/> where the call is admitted.</summary>
    public Budget? RefusedBy { get; }

    /// <summary>How much room it had; <see langword="null"/> where the call is admitted.</summary>
    public BudgetRefusal? Refusal { get; }
}

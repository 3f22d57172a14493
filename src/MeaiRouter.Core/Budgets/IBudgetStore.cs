using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>Keeps the accounts of budgets. One store may serve many processes; what it says is then true of all of them together.</summary>
/// <remarks>
/// A hard budget's <c>spent + reserved</c> never exceeds its limit by a reservation, whatever else happens at the same time. A store that
/// cannot answer throws, and the call is refused: budgets fail closed.
/// </remarks>
public interface IBudgetStore
{
    /// <summary>Reserves in every account at once, or in none.</summary>
    /// <param name="demand">What to reserve, and where.</param>
    /// <param name="cancellationToken">Cancelled with the call.</param>
    ValueTask<BudgetDecision> ReserveAsync(BudgetDemand demand, CancellationToken cancellationToken = default);

    /// <summary>Gives back what was held and books what the call cost, in the window that is current. Only the first settlement of a reservation counts.</summary>
    /// <param name="reservation">A reservation of this store.</param>
    /// <param name="cost">What the call cost, also where that is more than was held.</param>
    /// <param name="tokens">The tokens it used.</param>
    /// <param name="cancellationToken">Never cancelled by a caller's own cancellation.</param>
    /// <returns>The shares of limits that spending has now reached for the first time in their window.</returns>
    ValueTask<IReadOnlyList<BudgetWarningEventArgs>> SettleAsync(
        BudgetReservation reservation, NanoUsd cost, long tokens, CancellationToken cancellationToken = default);

    /// <summary>Tells an account what was spent before this process knew of it, where that is more than it has counted itself.</summary>
    /// <param name="claim">The budget, and whose account it is.</param>
    /// <param name="charges">Everything that was spent in its window, in the order of time.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <remarks>By default nothing is done, which is right for a store whose accounts outlive the process.</remarks>
    ValueTask RestoreAsync(BudgetClaim claim, IReadOnlyList<PastCharge> charges, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>The state of every account that has one.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    ValueTask<IReadOnlyList<BudgetBalance>> ReadAsync(CancellationToken cancellationToken = default);
}

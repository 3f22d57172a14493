using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>An attempt and what is held for it.</summary>
internal sealed class AdmittedAttempt(RouteAttempt attempt, BudgetReservation reservation, string model, NanoUsd most, long tokens)
{
    public RouteAttempt Attempt => attempt;

    public BudgetReservation Reservation => reservation;

    public string Model => model;

    /// <summary>The most it can cost.</summary>
    public NanoUsd Most => most;

    /// <summary>What to book: what it cost, or, where nobody could say, the most it can have cost.</summary>
    public NanoUsd Cost => attempt.Cost ?? most;

    public long Tokens => attempt.Usage?.Total ?? (Cost == NanoUsd.Zero ? 0 : tokens);

    /// <summary>Whether it is known already that the provider charges nothing: it failed before it did any work.</summary>
    public bool WasFree => attempt is { Outcome: AttemptOutcome.Failed, Failure: { } failure, Usage: null, OutputCharacters: 0 } && !failure.Kind.Consequences().MayHaveCost;
}

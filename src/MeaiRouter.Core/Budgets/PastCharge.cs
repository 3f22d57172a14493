using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>What was spent before, as a ledger tells it.</summary>
/// <param name="At">When; a sum over an hour or a day counts at its end.</param>
/// <param name="Amount">How much.</param>
public readonly record struct PastCharge(DateTimeOffset At, NanoUsd Amount);

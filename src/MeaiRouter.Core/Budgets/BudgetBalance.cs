using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>The state of one account of a budget.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Subject">Whose account it is, in a budget for each one; empty where the budget has but one.</param>
public sealed record BudgetBalance(Budget Budget, string Subject)
{
    /// <summary>Whose account it is, such as <c>user:bob</c>.</summary>
    public string Scope => Subject.Length == 0 ? Budget.Scope.ToString() : Budget.Scope.ToString(Subject);

    /// <summary>What may be spent in the window; <see langword="null"/> for any amount.</summary>
    public NanoUsd? Limit => Budget.Limit;

    /// <summary>What was spent in the window.</summary>
    public NanoUsd Spent { get; init; }

    /// <summary>What is held for calls that have not ended.</summary>
    public NanoUsd Reserved { get; init; }

    /// <summary>By how much calls of the window cost more than the most they could by price and limits: only so much can <see cref="Spent"/> exceed a hard limit that does not overcommit.</summary>
    public NanoUsd Overrun { get; init; }

    /// <summary>
    /// When the window ends, or, where it rolls, when the oldest of what it counts leaves it; <see langword="null"/> if never, or if nothing is counted.
    /// </summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>Requests in the last minute, where the budget limits them.</summary>
    public long Requests { get; init; }

    /// <summary>Tokens of the last minute, and those held for calls that have not ended, where the budget limits them.</summary>
    public long Tokens { get; init; }

    /// <summary>Requests that have not ended, where the budget limits their rate or concurrency.</summary>
    public int InFlight { get; init; }
}

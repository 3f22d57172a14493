namespace MeaiRouter.Attempts;

/// <summary>Which limit of which budget had no room for a call, and what would have had.</summary>
/// <param name="Scope">Whose budget it is, such as <c>key:team-a</c>; of a budget for each user, the user's own.</param>
/// <param name="Measure">What the limit counts, and so the unit of every amount here.</param>
public sealed record BudgetRefusal(string Scope, BudgetMeasure Measure)
{
    /// <summary>The window over which the budget counts money, such as <c>monthly</c>.</summary>
    public required string Window { get; init; }

    /// <summary>The limit.</summary>
    public required decimal Limit { get; init; }

    /// <summary>What had been used of it.</summary>
    public required decimal Spent { get; init; }

    /// <summary>What was held for calls that had not ended.</summary>
    public required decimal Reserved { get; init; }

    /// <summary>What the refused call could have used at most; <see langword="null"/> where nobody can tell, because the endpoint is unpriced.</summary>
    public required decimal? Needed { get; init; }

    /// <summary>
    /// When the budget starts anew, or, where it counts over a rolling window, when the oldest of what it counts leaves it;
    /// <see langword="null"/> if never, or nobody knows.
    /// </summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>The <c>max_tokens</c> with which the same call would have fitted; <see langword="null"/> if none would have.</summary>
    public int? FittingOutputTokens { get; init; }
}

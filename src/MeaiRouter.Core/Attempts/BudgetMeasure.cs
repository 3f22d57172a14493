namespace MeaiRouter.Attempts;

/// <summary>What a limit of a budget counts.</summary>
public enum BudgetMeasure
{
    /// <summary>Money, in US dollars.</summary>
    Usd,

    /// <summary>Requests in the last minute.</summary>
    RequestsPerMinute,

    /// <summary>Tokens, in and out, in the last minute.</summary>
    TokensPerMinute,

    /// <summary>Requests at the same time.</summary>
    Concurrency,

    /// <summary>Accounts that the store of the budgets can keep.</summary>
    Accounts,
}

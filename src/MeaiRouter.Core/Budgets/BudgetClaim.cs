namespace MeaiRouter.Budgets;

/// <summary>One budget that a call draws on.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Subject">Whose account it is, in a budget for each one; empty where the budget has but one.</param>
/// <param name="CountsRequest">Whether the call counts as a request under the limits on requests and concurrency.</param>
public readonly record struct BudgetClaim(Budget Budget, string Subject, bool CountsRequest)
{
    /// <summary>Whose account it is, such as <c>user:bob</c>.</summary>
    public string Scope => Subject.Length == 0 ? Budget.Scope.ToString() : Budget.Scope.ToString(Subject);
}

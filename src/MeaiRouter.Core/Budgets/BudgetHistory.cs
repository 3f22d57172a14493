using MeaiRouter.Costs.Reports;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>Reads from a ledger what was spent in the windows of budgets, and tells their accounts.</summary>
internal sealed class BudgetHistory(ILedgerReports reports, TimeProvider time)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <returns>Whether the reports were complete.</returns>
    public async Task<bool> RestoreAsync(IBudgetStore store, IEnumerable<Budget> budgets, CancellationToken cancellationToken)
    {
        var isComplete = true;
        var now = time.GetUtcNow();
        var countMoney = budgets.Where(static budget => budget.Limit is not null && budget.Scope.Kind != BudgetScopeKind.Session);

        // One report serves all budgets of a kind and a window, however many keys there are.
        foreach (var alike in countMoney.GroupBy(static budget => (budget.Scope.Kind, budget.Window)))
        {
            var (kind, window) = alike.Key;
            var report = await reports.SummarizeAsync(
                new UsageQuery
                {
                    From = WholeHour(window.StartBefore(now)),
                    GroupBy = DimensionOf(kind) | (window.IsRolling ? UsageDimensions.Hour : UsageDimensions.None),
                },
                cancellationToken).ConfigureAwait(false);
            isComplete &= report.Pending == 0;

            var subjects = report.Rows
                .Where(row => kind == BudgetScopeKind.Global || NameIn(row, kind) is not null)
                .ToLookup(row => NameIn(row, kind) is { } name ? BudgetScope.Canonical(kind, name) : "", StringComparer.Ordinal);
            foreach (var budget in alike)
            {
                var own = budget.Scope.Name is { } name ? BudgetScope.Canonical(kind, name) : "";
                foreach (var rows in budget.Scope.IsForEach ? subjects : subjects.Where(rows => rows.Key == own))
                {
                    var claim = new BudgetClaim(budget, budget.Scope.IsForEach ? rows.Key : "", CountsRequest: false);
                    await store.RestoreAsync(claim, ChargesOf(rows, budget, now), cancellationToken).ConfigureAwait(false);
                }
            }
        }

        return isComplete;
    }

    private static PastCharge[] ChargesOf(IEnumerable<UsageRow> rows, Budget budget, DateTimeOffset now) =>
        [.. rows.Select(row => new PastCharge(row.Start is { } start ? start + Hour : now, Spent(row, budget))).OrderBy(static charge => charge.At)];

    private static NanoUsd Spent(UsageRow row, Budget budget) =>
        row.Cost + NanoUsd.FromUsd(row.UnpricedAttempts * budget.AssumeUsdPerRequest.GetValueOrDefault());

    private static DateTimeOffset? WholeHour(DateTimeOffset? moment) =>
        moment is { } start ? new DateTimeOffset(start.UtcTicks - (start.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero) : null;

    private static UsageDimensions DimensionOf(BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => UsageDimensions.Key,
        BudgetScopeKind.User => UsageDimensions.User,
        BudgetScopeKind.Tag => UsageDimensions.Tag,
        BudgetScopeKind.Model => UsageDimensions.Model,
        BudgetScopeKind.Provider => UsageDimensions.Provider,
        _ => UsageDimensions.None,
    };

    private static string? NameIn(UsageRow row, BudgetScopeKind kind) => kind switch
    {
        BudgetScopeKind.Key => row.Key,
        BudgetScopeKind.User => row.User,
        BudgetScopeKind.Tag => row.Tag,
        BudgetScopeKind.Model => row.Model,
        BudgetScopeKind.Provider => row.Provider,
        _ => null,
    };
}

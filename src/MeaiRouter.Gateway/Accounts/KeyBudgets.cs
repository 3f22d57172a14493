using MeaiRouter.Budgets;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Keeps the limits of keys in force as budgets of the scope <c>key:NAME</c>, beside the configured ones.</summary>
internal sealed class KeyBudgets(BudgetBook book)
{
    private IReadOnlyList<Budget> _configured = book.Budgets;

    /// <summary>The budget of a key; <see langword="null"/> if nothing limits it.</summary>
    public static Budget? Of(GatewayKey key) => (key.LimitUsd, key.RequestsPerMinute, key.TokensPerMinute) is (null, null, null)
        ? null
        : new Budget(BudgetScope.Of(BudgetScopeKind.Key, key.Name), WindowOf(key.LimitReset))
        {
            LimitUsd = key.LimitUsd,
            RequestsPerMinute = key.RequestsPerMinute,
            TokensPerMinute = key.TokensPerMinute,
        };

    /// <summary>Puts the limits of these keys in force, and no others of keys.</summary>
    /// <param name="keys">All keys.</param>
    /// <param name="reports">Says what was spent under budgets that are new; <see langword="null"/> if nobody can.</param>
    /// <param name="anew">Whether to ask about all budgets, not only new ones.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    /// <returns>Whether what was spent is known completely.</returns>
    public async Task<bool> ApplyAsync(IEnumerable<GatewayKey> keys, ILedgerReports? reports, bool anew, CancellationToken cancellationToken)
    {
        var budgets = With(keys);

        // Before they are in force: a new budget that had not heard yet what was spent would allow too much.
        var known = anew ? [] : Known();
        var isComplete = reports is null || await book.RestoreAsync(reports, budgets.Where(budget => !known.Contains(budget.Key)).Select(budget => budget.Value), cancellationToken);
        book.Replace(budgets.Values);
        return isComplete;
    }

    /// <summary>
    /// Takes over the budgets of a changed configuration: those that are known already at once, with their new limits and what was spent; the others with the
    /// next <see cref="ApplyAsync"/>, because somebody has to be asked what was spent.
    /// </summary>
    /// <param name="configured">The configured budgets.</param>
    /// <param name="keys">All keys.</param>
    public void Reconfigure(IReadOnlyList<Budget> configured, IEnumerable<GatewayKey> keys)
    {
        Volatile.Write(ref _configured, configured);
        var known = Known();
        book.Replace(With(keys).Where(budget => known.Contains(budget.Key)).Select(static budget => budget.Value));
    }

    /// <summary>Whether the limits of a key hold.</summary>
    public bool Hold(GatewayKey key) => Of(key) is not { } budget || Known().Contains(Identity(budget));

    /// <summary>The state of a key's budget; <see langword="null"/> if it has no limit in money.</summary>
    public async Task<BudgetBalance?> BalanceAsync(GatewayKey key, CancellationToken cancellationToken)
    {
        if (key.LimitUsd is null || Of(key) is not { } budget)
            return null;

        var balances = await book.SnapshotAsync(cancellationToken);
        return balances.FirstOrDefault(balance => Identity(balance.Budget) == Identity(budget));
    }

    /// <summary>The hard budget for everything that has the least room left; <see langword="null"/> if there is none.</summary>
    public async Task<BudgetBalance?> GlobalAsync(CancellationToken cancellationToken)
    {
        var balances = await book.SnapshotAsync(cancellationToken);
        return balances.Where(balance => balance is { Budget: { Scope.Kind: BudgetScopeKind.Global, Soft: false }, Limit: not null }).MinBy(balance => balance.Limit!.Value - balance.Spent);
    }

    private HashSet<(string Scope, BudgetWindow Window)> Known() => [.. book.Budgets.Select(Identity)];

    private Dictionary<(string Scope, BudgetWindow Window), Budget> With(IEnumerable<GatewayKey> keys)
    {
        var budgets = Volatile.Read(ref _configured).ToDictionary(Identity);
        foreach (var key in keys)
        {
            if (Of(key) is { } budget)
                budgets[Identity(budget)] = budgets.TryGetValue(Identity(budget), out var other) ? Stricter(other, budget) : budget;
        }

        return budgets;
    }

    private static (string Scope, BudgetWindow Window) Identity(Budget budget) => (budget.Scope.ToString().ToLowerInvariant(), budget.Window);

    // The configuration may have a budget for the key already. Both hold; a limit that only warns gives way to one that refuses.
    private static Budget Stricter(Budget one, Budget other) => one with
    {
        LimitUsd = one.Soft ? other.LimitUsd ?? one.LimitUsd : Least(one.LimitUsd, other.LimitUsd),
        Soft = one.Soft && other.LimitUsd is null,
        RequestsPerMinute = Least(one.RequestsPerMinute, other.RequestsPerMinute),
        TokensPerMinute = Least(one.TokensPerMinute, other.TokensPerMinute),
    };

    private static T? Least<T>(T? one, T? other)
        where T : struct, IComparable<T> => one is { } left && other is { } right ? (left.CompareTo(right) < 0 ? left : right) : one ?? other;

    private static BudgetWindow WindowOf(LimitReset reset) => reset switch
    {
        LimitReset.Daily => BudgetWindow.Daily,
        LimitReset.Weekly => BudgetWindow.Weekly,
        LimitReset.Monthly => BudgetWindow.Monthly,
        _ => BudgetWindow.Lifetime,
    };
}

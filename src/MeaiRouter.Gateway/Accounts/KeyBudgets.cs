using MeaiRouter.Budgets;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>Keeps the limits of keys in force as budgets of the scope <c>key:NAME</c>, beside the configured ones.</summary>
internal sealed class KeyBudgets(BudgetBook book)
{
    /// <summary>The budgets in force.</summary>
    public IReadOnlyList<Budget> InForce => book.Budgets;

    /// <summary>The budget of a key; <see langword="null"/> if nothing limits it.</summary>
    public static Budget? Of(GatewayKey key) => (key.LimitUsd, key.RequestsPerMinute, key.TokensPerMinute) is (null, null, null)
        ? null
        : new Budget(BudgetScope.Of(BudgetScopeKind.Key, key.Name), WindowOf(key.LimitReset))
        {
            LimitUsd = key.LimitUsd,
            RequestsPerMinute = key.RequestsPerMinute,
            TokensPerMinute = key.TokensPerMinute,
        };

    /// <summary>The configured budgets and the limits of keys, of which there may be one for the same scope and window.</summary>
    public static IReadOnlyCollection<Budget> All(IEnumerable<Budget> configured, IEnumerable<GatewayKey> keys)
    {
        var budgets = configured.ToDictionary(Identity);
        foreach (var key in keys)
        {
            if (Of(key) is { } budget)
                budgets[Identity(budget)] = budgets.TryGetValue(Identity(budget), out var other) ? Stricter(other, budget) : budget;
        }

        return budgets.Values;
    }

    /// <summary>Learns what was spent under budgets, before they are put in force: one that had not heard of it would allow too much.</summary>
    /// <param name="budgets">The budgets.</param>
    /// <param name="reports">Says what was spent; <see langword="null"/> if nobody can.</param>
    /// <param name="anew">Whether to ask about all of them, not only those of which it is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether what was spent is known completely.</returns>
    public async Task<bool> LearnAsync(IReadOnlyCollection<Budget> budgets, ILedgerReports? reports, bool anew, CancellationToken cancellationToken)
    {
        var known = Known();
        return reports is null || await book.RestoreAsync(reports, anew ? budgets : budgets.Where(budget => !IsKnown(budget, known)), cancellationToken);
    }

    /// <summary>Puts these budgets in force, and no others.</summary>
    public void Replace(IEnumerable<Budget> budgets) => book.Replace(budgets);

    /// <summary>
    /// Puts those budgets in force of which it is known what was spent, with their new limits. The others have to be learned; until then those hold that they
    /// may be in the place of, so that there is no moment without a limit.
    /// </summary>
    /// <param name="budgets">The budgets that are wanted.</param>
    public void ReplaceKnown(IReadOnlyCollection<Budget> budgets)
    {
        var known = Known();
        var next = budgets.Where(budget => IsKnown(budget, known)).ToDictionary(Identity);
        foreach (var (identity, budget) in known)
            next.TryAdd(identity, budget);
        book.Replace(next.Values);
    }

    /// <summary>Whether the limits of a key hold.</summary>
    public bool Hold(GatewayKey key) => Of(key) is not { } budget || IsKnown(budget, Known());

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

    private Dictionary<(string Scope, BudgetWindow Window), Budget> Known() => book.Budgets.ToDictionary(Identity);

    // What was spent before the start is asked only for limits in money.
    private static bool IsKnown(Budget budget, Dictionary<(string Scope, BudgetWindow Window), Budget> known) =>
        known.TryGetValue(Identity(budget), out var same) && (budget.LimitUsd is null || same.LimitUsd is not null);

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

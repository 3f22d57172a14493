using MeaiRouter.Costs.Reports;

namespace MeaiRouter.Budgets;

/// <summary>The budgets in force, and their state. One book may serve any number of clients.</summary>
/// <remarks>Every budget whose scope fits a call applies to it, <c>user:*</c> as well as <c>user:bob</c>: the call is made if all of them have room, and held in all of them at once.</remarks>
public sealed class BudgetBook
{
    private readonly TimeProvider _time;
    private BudgetIndex _index;
    private Task<IReadOnlyList<BudgetBalance>>? _reading;
    private IReadOnlyList<BudgetBalance> _observed = [];

    /// <summary>Creates a book.</summary>
    /// <param name="budgets">The budgets.</param>
    /// <param name="options">What they have in common; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="store">Where their accounts are kept; <see langword="null"/> keeps them in this process.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">A budget or an option is out of range, or two budgets have the same scope and window.</exception>
    public BudgetBook(IEnumerable<Budget> budgets, BudgetOptions? options = null, IBudgetStore? store = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        _time = timeProvider ?? TimeProvider.System;
        _index = new BudgetIndex(budgets);
        Options = (options ?? new BudgetOptions()).Validated();
        Store = store ?? new InMemoryBudgetStore(_time);
    }

    /// <summary>Raised after the call that made spending reach a share of a limit, once for each share in a window. Handlers must not throw.</summary>
    public event EventHandler<BudgetWarningEventArgs>? Warning;

    /// <summary>The budgets in force.</summary>
    public IReadOnlyList<Budget> Budgets => Index.Budgets;

    internal BudgetIndex Index => Volatile.Read(ref _index);

    internal BudgetOptions Options { get; }

    internal IBudgetStore Store { get; }

    internal Calibration Calibration { get; } = new();

    /// <summary>Puts other budgets in force, for every call that begins from now on. One of the same scope and window keeps what was spent.</summary>
    /// <param name="budgets">The budgets.</param>
    /// <exception cref="ArgumentException">A budget is out of range, or two have the same scope and window. Nothing has changed then.</exception>
    public void Replace(IEnumerable<Budget> budgets)
    {
        ArgumentNullException.ThrowIfNull(budgets);
        Volatile.Write(ref _index, new BudgetIndex(budgets));
    }

    /// <summary>Lets budgets know what a ledger says was spent in their windows before this process, or this budget, began.</summary>
    /// <remarks>
    /// To be called before calls are made, or before the budgets are put in force by <see cref="Replace"/>; an account that has counted more than the
    /// ledger keeps what it has. A rolling window counts an hour of the ledger as if all of it had been spent at its end, so that money leaves late rather than
    /// early. Attempts without a price count as <see cref="Budget.AssumeUsdPerRequest"/> says. Rates and concurrency begin anew, as do budgets of
    /// the scope session, which no ledger sums.
    /// </remarks>
    /// <param name="reports">The ledger's reports.</param>
    /// <param name="budgets">The budgets; <see langword="null"/> for all that are in force.</param>
    /// <param name="cancellationToken">Gives up; then some accounts are restored and others are not, and it can be tried again.</param>
    /// <returns>Whether the reports were complete. If not, the ledger's database is far behind; try again later.</returns>
    public Task<bool> RestoreAsync(ILedgerReports reports, IEnumerable<Budget>? budgets = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reports);
        return new BudgetHistory(reports, _time).RestoreAsync(Store, budgets ?? Budgets, cancellationToken);
    }

    /// <summary>Every account: of budgets for one scope always, of budgets for each one those of whom anything is held or counted.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <returns>The accounts in the order of the budgets, and within one in that of the subjects.</returns>
    public async ValueTask<IReadOnlyList<BudgetBalance>> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        var budgets = Index.Budgets;
        var accounts = (await Store.ReadAsync(cancellationToken).ConfigureAwait(false)).ToLookup(static balance => balance.Budget.Account, StringComparer.Ordinal);
        var balances = new List<BudgetBalance>();
        foreach (var budget in budgets)
        {
            balances.AddRange(accounts[budget.Account]
                .Select(balance => balance with { Budget = budget })
                .OrderBy(static balance => balance.Subject, StringComparer.Ordinal));
            if (!budget.Scope.IsForEach && !accounts.Contains(budget.Account))
                balances.Add(Untouched(budget));
        }

        return balances;
    }

    /// <summary>How long until a moment; at least zero.</summary>
    internal TimeSpan Until(DateTimeOffset moment) => moment - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>The balances of all budgets but those for each one, as they are, or, where the store is not in this process, as they were when last asked.</summary>
    internal IEnumerable<BudgetBalance> Observe()
    {
        if (Store is InMemoryBudgetStore own)
            return Budgets.Where(static budget => !budget.Scope.IsForEach).Select(budget => own.Find(budget) ?? Untouched(budget));

        // Whoever observes cannot wait for a store elsewhere: he starts a reading and sees it next time.
        if (_reading is null or { IsCompleted: true })
        {
            if (_reading is { IsCompletedSuccessfully: true })
                _observed = [.. _reading.Result.Where(static balance => !balance.Budget.Scope.IsForEach)];
            _reading = SnapshotAsync().AsTask();
        }

        return _observed;
    }

    internal void Raise(IReadOnlyList<BudgetWarningEventArgs> warnings)
    {
        foreach (var warning in warnings)
            Warning?.Invoke(this, warning);
    }

    private BudgetBalance Untouched(Budget budget)
    {
        var end = budget.Window.EndAfter(_time.GetUtcNow());
        return new BudgetBalance(budget, "") { ResetsAt = end == DateTimeOffset.MaxValue ? null : end };
    }
}

using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>The ledger's reports, or why there are none.</summary>
internal sealed class AccountReports
{
    private readonly ILedgerReports? _reports;

    /// <param name="durable">The reports of a ledger that outlives the process; <see langword="null"/> if there is none.</param>
    /// <param name="ledger">The ledger.</param>
    public AccountReports(ILedgerReports? durable, ILedger? ledger)
    {
        IsDurable = durable is not null;
        _reports = durable ?? (ledger is InMemoryLedger inMemory ? new InMemoryReports(inMemory) : null);
    }

    /// <summary>Whether what happened before this process began is in the reports.</summary>
    public bool IsDurable { get; }

    /// <summary>What budgets that are new learn from; <see langword="null"/> if nobody knows.</summary>
    public ILedgerReports? ForBudgets => _reports;

    /// <summary>Whether there are any.</summary>
    public bool AreThere => _reports is not null;

    /// <summary>Asks the reports.</summary>
    /// <exception cref="GatewayException">There are none, or the database cannot be read.</exception>
    public async Task<T> AskAsync<T>(Func<ILedgerReports, Task<T>> question)
    {
        if (_reports is null)
            throw new GatewayException(501, "not_implemented", "The ledger of this gateway cannot be asked. Set MeaiRouter:Gateway:Ledger, such as 'Data Source=meairouter.db'.");

        return await StoreCall.RunAsync(() => question(_reports), "The database of the ledger cannot be read at the moment. Try again.");
    }
}

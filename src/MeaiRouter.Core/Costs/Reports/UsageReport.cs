namespace MeaiRouter.Costs.Reports;

/// <summary>The answer to a <see cref="UsageQuery"/>.</summary>
/// <param name="Rows">The rows, by time, then dearest first.</param>
/// <param name="Pending">
/// Records that this process has acknowledged and that are not in the rows: those the database has yet to take over, 0 unless it is far behind, and
/// those a ledger in memory has dropped. What other processes have not yet handed to a shared database is in neither.
/// </param>
public sealed record UsageReport(IReadOnlyList<UsageRow> Rows, long Pending);

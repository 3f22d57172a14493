namespace MeaiRouter.Costs.Reports;

/// <summary>Answers what was spent, by whom, where, on what.</summary>
public interface ILedgerReports
{
    /// <summary>Sums requests, tokens, cost, errors and latencies.</summary>
    /// <param name="query">Over what time, of which requests, grouped by what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">A time is not a whole hour.</exception>
    Task<UsageReport> SummarizeAsync(UsageQuery query, CancellationToken cancellationToken = default);

    /// <summary>Finds the record of a request.</summary>
    /// <param name="id">The id of the request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The record; <see langword="null"/> if there is none, or none any more.</returns>
    Task<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The records that a query is about, oldest first as far as the database has them, then those it has yet to take over.</summary>
    /// <param name="query">Over what time and of which requests; a request is taken whole if one of its attempts fits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    IAsyncEnumerable<GenerationRecord> RecordsAsync(UsageQuery query, CancellationToken cancellationToken = default);
}

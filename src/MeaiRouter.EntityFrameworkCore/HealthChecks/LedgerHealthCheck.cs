using System.Data.Common;
using MeaiRouter.EntityFrameworkCore.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.EntityFrameworkCore.HealthChecks;

/// <summary>Whether records are kept: the journal first, because requests depend on it, then the database, on which none does.</summary>
internal sealed class LedgerHealthCheck(DurableLedger ledger, TimeProvider time) : IHealthCheck
{
    // A database that is silent for longer is out of reach, whatever its own timeout says.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var journal = ledger.Journal;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["records_lost"] = journal.Lost };

        // Looked at anew: without requests, which a failing check keeps away, no record would ever show that there is room again.
        if (journal.IsFailing)
        {
            if (journal.Segments.TryProbe())
                return HealthCheckResult.Degraded($"The last record could not be written to the journal {journal.Options.Directory}; its disk takes writes again.", data: data);
            return journal.Options.OnDiskFailure == DiskFailureAction.Refuse
                ? new HealthCheckResult(
                    context.Registration.FailureStatus, $"The journal {journal.Options.Directory} cannot be written, and by the rule Refuse no request is answered. Make room on its disk.", data: data)
                : HealthCheckResult.Degraded($"The journal {journal.Options.Directory} cannot be written; requests are answered without a record, {journal.Lost} so far. Make room on its disk.", data: data);
        }

        return await WhyUnreachableAsync(cancellationToken).ConfigureAwait(false) is { } why
            ? HealthCheckResult.Degraded($"The ledger's database is out of reach ({why}). The journal keeps what comes, and requests go on.", data: data)
            : HealthCheckResult.Healthy("Records are written, and the ledger's database answers.", data);
    }

    // What kind of failure it is, no more: a driver's message may name the server, or quote what it was sent.
    private async Task<string?> WhyUnreachableAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await ledger.PingAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds} s";
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception is DbException { SqlState: { } state } ? $"{exception.GetType().Name}, SQL state {state}" : exception.GetType().Name;
        }
    }
}

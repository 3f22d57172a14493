using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.EntityFrameworkCore.HealthChecks;

/// <summary>Whether the database keeps up with the journal. A lag delays reports and fills the disk; no request fails of it.</summary>
internal sealed class LedgerLagHealthCheck(DurableLedger ledger, long maxRecords, TimeSpan maxAge) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var lag = ledger.Lag;
        var age = Math.Max(0, lag.Age.TotalSeconds);
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["records_waiting"] = lag.Records,
            ["bytes_waiting"] = lag.Bytes,
            ["oldest_waiting_seconds"] = Math.Round(age, 3),
        };
        var waiting = string.Create(CultureInfo.InvariantCulture, $"{lag.Records} records are waiting for the ledger's database, the oldest for {age:0.#} s");
        return Task.FromResult(lag.Records > maxRecords || lag.Age > maxAge
            ? HealthCheckResult.Degraded(string.Create(CultureInfo.InvariantCulture, $"{waiting}; up to {maxRecords} and {maxAge.TotalSeconds:0.#} s are usual."), data: data)
            : HealthCheckResult.Healthy($"{waiting}.", data));
    }
}

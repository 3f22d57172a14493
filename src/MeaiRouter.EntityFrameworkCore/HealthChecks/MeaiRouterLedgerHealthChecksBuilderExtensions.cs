using MeaiRouter.EntityFrameworkCore;
using MeaiRouter.EntityFrameworkCore.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers health checks of a <see cref="DurableLedger"/>.</summary>
public static class MeaiRouterLedgerHealthChecksBuilderExtensions
{
    /// <summary>Adds a check of whether records are kept.</summary>
    /// <remarks>
    /// <see cref="HealthStatus.Degraded"/>: the database is out of reach while the journal takes records, or records are lost by the rule <c>Continue</c>. The
    /// failure status: the journal cannot be written, and by the rule <c>Refuse</c> requests fail. Where the last write failed the disk is tried
    /// anew at each check, so that an app that gets no requests for it finds back. The data holds <c>records_lost</c>.
    /// </remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Default: <c>meairouter-ledger</c>.</param>
    /// <param name="failureStatus">What is reported when no request can be recorded; <see langword="null"/> for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags of the check, by which endpoints choose; <see langword="null"/> for none.</param>
    /// <param name="timeout">How long the check may take; <see langword="null"/> for as long as it likes, which is 3 s for a database that is silent.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddMeaiRouterLedger(
        this IHealthChecksBuilder builder, string name = "meairouter-ledger", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);

        return builder.Add(new HealthCheckRegistration(
            name,
            static services => new LedgerHealthCheck(services.GetRequiredService<DurableLedger>(), services.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus, tags, timeout));
    }

    /// <summary>Adds a check of how far the database is behind the journal. Too far is <see cref="HealthStatus.Degraded"/>: reports are late, requests are not.</summary>
    /// <remarks>The data holds <c>records_waiting</c>, <c>bytes_waiting</c> and <c>oldest_waiting_seconds</c>.</remarks>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The name of the check. Default: <c>meairouter-ledger-lag</c>.</param>
    /// <param name="maxRecords">How many records may wait. Default: 10,000, a few seconds of a busy gateway.</param>
    /// <param name="maxAge">How long the oldest may have waited; <see langword="null"/> for a minute.</param>
    /// <param name="tags">Tags of the check, by which endpoints choose; <see langword="null"/> for none.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddMeaiRouterLedgerLag(
        this IHealthChecksBuilder builder, string name = "meairouter-ledger-lag", long maxRecords = 10_000, TimeSpan? maxAge = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegative(maxRecords);
        var age = maxAge ?? TimeSpan.FromMinutes(1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(age, TimeSpan.Zero, nameof(maxAge));

        return builder.Add(new HealthCheckRegistration(
            name, services => new LedgerLagHealthCheck(services.GetRequiredService<DurableLedger>(), maxRecords, age), failureStatus: null, tags));
    }
}

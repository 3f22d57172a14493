using MeaiRouter.Gateway.Accounts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.Gateway.HealthChecks;

/// <summary>Whether keys and budgets are known, without which no request is admitted.</summary>
internal sealed class AccountsHealthCheck(AccountsStart accounts) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(accounts switch
    {
        { IsReady: false } => new HealthCheckResult(context.Registration.FailureStatus, "Keys and budgets have not been read from the database yet; until then requests are answered with 503."),
        { IsFailing: true } => HealthCheckResult.Degraded("Keys and budgets cannot be read from the database; those known stay in force."),
        _ => HealthCheckResult.Healthy("Keys and budgets are known."),
    });
}

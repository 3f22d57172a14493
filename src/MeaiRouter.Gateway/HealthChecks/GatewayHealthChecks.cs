using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.HealthChecks;

/// <summary>The checks that <c>/health/ready</c> asks, and with them every other that asks the app's: their names begin with <c>gateway-</c>.</summary>
internal static class GatewayHealthChecks
{
    /// <summary>What tells these checks from others of the app.</summary>
    public const string Tag = "meairouter-gateway";

    private static readonly string[] Tags = [Tag];

    public static void Add(IServiceCollection services, bool hasLedger)
    {
        var checks = services.AddHealthChecks()
            .AddMeaiRouter("gateway-routes", tags: Tags)
            .AddCheck<AccountsHealthCheck>("gateway-accounts", tags: Tags);
        if (hasLedger)
            checks.AddMeaiRouterLedger("gateway-ledger", tags: Tags).AddMeaiRouterLedgerLag("gateway-ledger-lag", tags: Tags);
    }
}

using System.Text.Json.Nodes;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Accounts;

/// <summary>
/// <c>GET /credits</c>: the hard global budget with the least room, and what is spent of it, so that the difference is what is left; without one, null
/// and all that was ever spent.
/// </summary>
internal sealed class CreditsEndpoint(KeyBudgets budgets, AccountReports reports)
{
    public async Task HandleAsync(HttpContext http, Caller caller)
    {
        var cancellationToken = http.RequestAborted;
        var credits = new JsonObject();
        if (await budgets.GlobalAsync(cancellationToken) is { } global)
        {
            credits["total_credits"] = global.Limit!.Value.ToUsd();
            credits["total_usage"] = global.Spent.ToUsd();
            credits["resets_at"] = global.ResetsAt?.UtcDateTime;
        }
        else
        {
            var report = await reports.AskAsync(ledger => ledger.SummarizeAsync(new UsageQuery(), cancellationToken));
            credits["total_credits"] = null;
            credits["total_usage"] = report.Rows.Sum(row => row.Cost.ToUsd());
        }

        await AccountBody.WriteDataAsync(http, credits);
    }
}

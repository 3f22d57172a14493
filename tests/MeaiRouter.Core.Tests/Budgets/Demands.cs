using MeaiRouter.Budgets;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Budgets;

/// <summary>Short words for what stores are asked.</summary>
internal static class Demands
{
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    public static NanoUsd Usd(decimal usd) => NanoUsd.FromUsd(usd);

    public static BudgetDemand Of(decimal usd, params Budget[] budgets) => Of(usd, 0, [.. budgets.Select(budget => new BudgetClaim(budget, "", false))]);

    public static BudgetDemand Of(decimal usd, long tokens, params BudgetClaim[] claims) =>
        new(claims) { Most = Usd(usd), Expected = Usd(usd), Tokens = tokens, Lease = Lease };

    public static async Task<BudgetReservation?> TryAsync(this IBudgetStore store, BudgetDemand demand) => (await store.ReserveAsync(demand)).Reservation;

    public static async Task<BudgetReservation> HoldAsync(this IBudgetStore store, BudgetDemand demand)
    {
        var decision = await store.ReserveAsync(demand);
        Assert.Null(decision.Refusal);
        return decision.Reservation!;
    }

    public static async Task SpendAsync(this IBudgetStore store, decimal usd, Budget budget) =>
        await store.SettleAsync(await store.HoldAsync(Of(usd, budget)), Usd(usd), 0);

    /// <summary>Each account as <c>scope spent reserved</c>.</summary>
    public static async Task<string[]> ToldAsync(this IBudgetStore store) =>
        [.. (await store.ReadAsync()).Select(b => $"{b.Scope} {b.Spent} {b.Reserved}").Order(StringComparer.Ordinal)];
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Diagnostics;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Budgets;

/// <summary>Measures budgets: what they refuse, and how full they are. Those for each user or session are told only as a whole, and without their balances.</summary>
internal static class BudgetMetrics
{
    private static readonly Counter<long> Refusals =
        Telemetry.Meter.CreateCounter<long>(TelemetryNames.BudgetRefusals, "{refusal}", "Calls for which a budget had no room.");

    private static readonly ObservableGauge<long> Spent =
        Telemetry.Meter.CreateObservableGauge(TelemetryNames.BudgetSpent, () => Read(static balance => balance.Spent), "{nano_usd}", "What was spent in a budget's window.");

    private static readonly ObservableGauge<long> Reserved =
        Telemetry.Meter.CreateObservableGauge(TelemetryNames.BudgetReserved, () => Read(static balance => balance.Reserved), "{nano_usd}", "What a budget holds for calls that have not ended.");

    private static readonly ObservableGauge<long> Limit =
        Telemetry.Meter.CreateObservableGauge(TelemetryNames.BudgetLimit, () => Read(static balance => balance.Limit), "{nano_usd}", "What may be spent in a budget's window.");

    /// <summary>The books whose balances are observed.</summary>
    public static ObservedSet<BudgetBook> Books { get; } = new();

    /// <summary>A budget had no room.</summary>
    public static void Refuse(RouteContext context, Budget budget, BudgetMeasure measure)
    {
        if (!Refusals.Enabled && context.Activity is null)
            return;

        var tags = TagsOf(budget);
        tags.Add(TelemetryNames.BudgetMeasure, JsonNamingPolicy.SnakeCaseLower.ConvertName(measure.ToString()));
        Refusals.Add(1, tags);
        context.Activity?.AddEvent(new ActivityEvent(TelemetryNames.BudgetRefusals, tags: [.. tags]));
    }

    // Of two books with a budget of the same scope and window in one process, the sum is told.
    private static IEnumerable<Measurement<long>> Read(Func<BudgetBalance, NanoUsd?> amount) => Books.Living()
        .SelectMany(static book => book.Observe())
        .Select(balance => (balance.Budget, Amount: amount(balance)))
        .Where(static balance => balance.Amount is not null)
        .GroupBy(static balance => balance.Budget.Account, StringComparer.Ordinal)
        .Select(static same => new Measurement<long>(same.Sum(static balance => balance.Amount!.Value.Value), TagsOf(same.First().Budget)));

    private static TagList TagsOf(Budget budget) => new()
    {
        { TelemetryNames.BudgetScope, budget.Scope.ToString() },
        { TelemetryNames.BudgetWindow, budget.Window.ToString() },
    };
}

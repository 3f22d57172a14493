using MeaiRouter.Catalog;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using Spectre.Console;

namespace Samples.Quickstart;

/// <summary>Shows what everything came to, and checks it against prices times tokens.</summary>
internal static class Totals
{
    public static bool Show(InMemoryLedger ledger, ModelCatalog catalog)
    {
        var isRight = true;
        var sum = NanoUsd.Zero;
        var table = new Table().Title("Totals by model and provider").AddColumns("model", "provider", "answers", "in (cached)", "out (reasoning)", "cost");
        foreach (var total in ledger.Totals)
        {
            var price = catalog.Find(total.Model!)!.Endpoints.First(endpoint => endpoint.Provider == total.Provider).Price;
            isRight &= price is null || price.CostOf(total.Usage) == total.Cost;
            sum += total.Cost;

            var usage = total.Usage;
            table.AddRow(
                total.Model!,
                total.Provider,
                $"{total.Answers} of {total.Attempts}",
                $"{usage.TotalInput}" + (usage.CacheRead > 0 ? $" ({usage.CacheRead})" : ""),
                $"{usage.TotalOutput}" + (usage.Reasoning > 0 ? $" ({usage.Reasoning})" : ""),
                price is null ? "unpriced" : total.Cost.ToString());
        }

        table.AddRow("[bold]all[/]", "", "", "", "", $"[bold]{sum}[/]");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine(isRight ? "[green]Every total equals its tokens times its prices.[/]" : "[red]A total differs from its tokens times its prices.[/]");
        AnsiConsole.MarkupLine("[grey]~ means estimated: the provider broke off before it reported its tokens.[/]");
        return isRight;
    }
}

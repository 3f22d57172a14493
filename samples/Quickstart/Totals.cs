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
        var table = new Table().Title("Totals by model and provider")
            .AddColumns("model", "provider", "attempts", "answers", "input", "cached", "output", "reasoning", "cost", "prices times tokens");
        foreach (var total in ledger.Totals)
        {
            var expected = catalog.Find(total.Model!)!.Endpoints.First(endpoint => endpoint.Provider == total.Provider).Price?.CostOf(total.Usage);
            isRight &= expected is null || expected == total.Cost;
            sum += total.Cost;

            var usage = total.Usage;
            table.AddRow(
                total.Model!, total.Provider, $"{total.Attempts}", $"{total.Answers}", $"{usage.TotalInput}", $"{usage.CacheRead}",
                $"{usage.TotalOutput}", $"{usage.Reasoning}", total.Unpriced == total.Attempts ? "unpriced" : total.Cost.ToString(), expected?.ToString() ?? "unpriced");
        }

        table.AddRow("[bold]all[/]", "", "", "", "", "", "", "", $"[bold]{sum}[/]", isRight ? "[green]equal[/]" : "[red]different[/]");
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLine("[grey]Tokens of an attempt whose provider reported none are estimated and shown with a ~ above.[/]");
        return isRight;
    }
}

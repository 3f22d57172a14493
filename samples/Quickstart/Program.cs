using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using Microsoft.Extensions.AI;
using Samples.Quickstart;
using Spectre.Console;

if (args is not ([] or ["--live"]))
{
    AnsiConsole.MarkupLine("Usage: dotnet run --project samples/Quickstart [[-- --live]]");
    return 1;
}

var isLive = args.Contains("--live");
await using IStage stage = isLive ? LiveStage.FromEnvironment() : await ScriptedStage.StartAsync();
if (stage.Providers.Count == 0)
{
    AnsiConsole.MarkupLine($"[red]No provider has a key.[/] Set one of {string.Join(", ", LiveStage.KeyVariables)}.");
    return 1;
}

// The whole of MeaiRouter: one client in front of all providers.
var ledger = new InMemoryLedger();
using var client = new EndpointChatClient(stage.Providers)
    .AsBuilder()
    .UseCostTracking(ledger)
    .UseRouting(stage.Catalog)
    .UseFallback()
    .UseNormalization()
    .Build();

var scenes = new Scenes(client);
var allAnswered = true;
foreach (var scene in stage.Scenes)
{
    AnsiConsole.Write(new Rule($"[bold]{Markup.Escape(scene.Title)}[/]").LeftJustified());
    AnsiConsole.MarkupLine($"[grey]{Markup.Escape(scene.Story)}[/]");
    allAnswered &= await scenes.PlayAsync(scene);
    AnsiConsole.WriteLine();
}

return Totals.Show(ledger, stage.Catalog) && allAnswered ? 0 : 1;

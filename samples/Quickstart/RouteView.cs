using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Spectre.Console;

namespace Samples.Quickstart;

/// <summary>Shows the candidates of a request, the attempts made, who answered, tokens and cost.</summary>
internal static class RouteView
{
    public static void Show(RouteTrace trace)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        foreach (var style in (ReadOnlySpan<Justify>)[Justify.Left, Justify.Right, Justify.Left, Justify.Right, Justify.Right, Justify.Right])
            table.AddColumn(new TableColumn("") { Alignment = style, NoWrap = true });

        foreach (var (place, candidate) in trace.Candidates.Index())
            AddRow(table, place + 1, candidate);

        AnsiConsole.Write(table);
        foreach (var failed in trace.Attempts.Where(attempt => attempt.Failure is not null))
            AnsiConsole.MarkupLine($"[grey]  {Markup.Escape(failed.Failure!.Message)}[/]");

        if (trace.Answer is { Usage.CacheRead: > 0, Endpoint.Price: { } price } cached)
            AnsiConsole.MarkupLine($"[grey]  {cached.Usage.Value.CacheRead} of the input tokens came from the prompt cache, at ${price.CacheRead ?? price.Prompt:0.00} a million.[/]");

        var who = trace.Answer is { } answer ? $"{answer.Provider} answered" : "nobody answered";
        var attempts = trace.Attempts.Count == 1 ? "1 attempt" : $"{trace.Attempts.Count} attempts";
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(who)}[/], {attempts}, [bold]{trace.Cost?.ToString() ?? "unpriced"}[/]");
    }

    private static void AddRow(Table table, int place, TracedCandidate candidate)
    {
        var attempt = candidate.Attempt;
        var price = candidate.Candidate.Endpoint.Price;
        table.AddRow(
            $"{place}. {Markup.Escape(candidate.Candidate.Endpoint.ToString())}",
            price is null ? "no price" : $"${price.Prompt:0.00}/{price.Completion:0.00}",
            Outcome(attempt),
            attempt is null ? "" : $"{attempt.Duration.TotalMilliseconds:0} ms",
            attempt?.Usage is { } usage ? $"{(usage.IsEstimated ? "~" : "")}{usage.TotalInput} in {usage.TotalOutput} out" : "",
            attempt is null ? "" : attempt.Cost?.ToString() ?? "unpriced");
    }

    private static string Outcome(RouteAttempt? attempt) => attempt switch
    {
        null => "[grey]not needed[/]",
        { Outcome: AttemptOutcome.Answered } => "[green]answered[/]",
        { Failure: { } failure } => $"[red]{failure.Kind}[/]",
        _ => $"[grey]{attempt.Outcome}[/]",
    };
}

using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Spectre.Console;

namespace Samples.Quickstart;

/// <summary>Shows the candidates of a request, the attempts made, who answered, tokens and cost.</summary>
internal static class RouteView
{
    public static void Show(RouteTrace trace)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("#", "candidate", "$/M in", "$/M out", "what became of it", "ms", "in", "out", "cost");
        foreach (var (number, candidate) in trace.Candidates.Index())
        {
            var attempt = candidate.Attempt;
            var price = candidate.Candidate.Endpoint.Price;
            table.AddRow(
                $"{number + 1}",
                Markup.Escape(candidate.Candidate.Endpoint.ToString()),
                price is null ? "?" : $"{price.Prompt:0.00}",
                price is null ? "?" : $"{price.Completion:0.00}",
                Fate(candidate),
                attempt is null ? "" : $"{attempt.Duration.TotalMilliseconds:0}",
                attempt?.Usage is { } usage ? Estimated(usage.IsEstimated, usage.TotalInput) : "",
                attempt?.Usage is { } output ? Estimated(output.IsEstimated, output.TotalOutput) : "",
                attempt is null ? "" : attempt.Cost?.ToString() ?? "unpriced");
        }

        AnsiConsole.Write(table);
        var who = trace.Answer is { } answer ? $"{answer.Provider} answered" : "nobody answered";
        AnsiConsole.MarkupLine($"[bold]{Markup.Escape(who)}[/] after {trace.Attempts.Count} attempt(s) for [bold]{trace.Cost?.ToString() ?? "an unknown price"}[/]");
    }

    private static string Fate(TracedCandidate candidate)
    {
        var color = candidate.Attempt?.Outcome switch
        {
            AttemptOutcome.Answered => "green",
            AttemptOutcome.Failed => "red",
            _ => "grey",
        };
        return $"[{color}]{Markup.Escape(candidate.Fate)}[/]";
    }

    private static string Estimated(bool isEstimated, long tokens) => isEstimated ? $"~{tokens}" : $"{tokens}";
}

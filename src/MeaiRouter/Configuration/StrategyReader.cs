using MeaiRouter.Routing;

namespace MeaiRouter.Configuration;

/// <summary>Reads the names of strategies, and the options that some of them have under theirs.</summary>
internal sealed class StrategyReader(SectionReader? routing)
{
    /// <summary>Every strategy, those with options as they are configured.</summary>
    public IReadOnlyList<IRoutingStrategy> All { get; } = [.. RoutingStrategies.All.Select(strategy => Configured(strategy, routing))];

    /// <summary>Reads the name of a strategy; <see langword="null"/> if none is set.</summary>
    public IRoutingStrategy? Read(SectionReader section)
    {
        var name = section.Text("Strategy");
        var strategy = All.FirstOrDefault(strategy => strategy.Name == name);
        if (name is not null && strategy is null)
            section.Refuse("Strategy", $"'{name}' is not a strategy. Known: {string.Join(", ", All.Select(static s => s.Name))}.");

        return strategy;
    }

    private static IRoutingStrategy Configured(IRoutingStrategy strategy, SectionReader? routing) => strategy.Name switch
    {
        "balanced" when routing?.Section("Balanced") is { } section => RoutingStrategies.BalancedBy(ReadBalanced(section)),
        "exacto" when routing?.Section("Exacto") is { } section => RoutingStrategies.ExactoBy(ReadExacto(section)),
        _ => strategy,
    };

    private static BalancedOptions ReadBalanced(SectionReader section)
    {
        var defaults = new BalancedOptions();
        return defaults with
        {
            UsdPerSecond = section.Dollars("UsdPerSecond") ?? defaults.UsdPerSecond,
            ErrorMultiple = section.Real("ErrorMultiple", 0, 1_000) ?? defaults.ErrorMultiple,
            BadToolCallMultiple = section.Real("BadToolCallMultiple", 0, 1_000) ?? defaults.BadToolCallMultiple,
            RefusalUsdPerMillion = section.Dollars("RefusalUsdPerMillion") ?? defaults.RefusalUsdPerMillion,
            CompetitiveEdge = section.Real("CompetitiveEdge", 1.01, 100) ?? defaults.CompetitiveEdge,
            SlopeInside = section.Real("SlopeInside", 0, 100) ?? defaults.SlopeInside,
            SlopeOutside = section.Real("SlopeOutside", 0, 100) ?? defaults.SlopeOutside,
            EdgeWidth = section.Real("EdgeWidth", 0.01, 10) ?? defaults.EdgeWidth,
            Exploration = section.Real("Exploration", 0, 1) ?? defaults.Exploration,
            RequestsToKnow = section.Real("RequestsToKnow", 1, 1_000_000) ?? defaults.RequestsToKnow,
            TypicalThroughput = section.Real("TypicalThroughput", 0.1, 1_000_000) ?? defaults.TypicalThroughput,
            TypicalLatency = section.Real("TypicalLatency", 0, 3_600) ?? defaults.TypicalLatency,
            TypicalErrorRate = section.Real("TypicalErrorRate", 0, 1) ?? defaults.TypicalErrorRate,
            AssumedPromptTokens = section.Number("AssumedPromptTokens", minimum: 1) ?? defaults.AssumedPromptTokens,
            AssumedOutputTokens = section.Number("AssumedOutputTokens", minimum: 1) ?? defaults.AssumedOutputTokens,
            BrokenToolCallShare = section.Real("BrokenToolCallShare", 0, 1) ?? defaults.BrokenToolCallShare,
            ToolAnswersToJudge = section.Number("ToolAnswersToJudge", minimum: 1) ?? defaults.ToolAnswersToJudge,
            Backoff = section.Duration("Backoff") ?? defaults.Backoff,
            BackoffShare = section.Real("BackoffShare", 0, 1) ?? defaults.BackoffShare,
            LatencyJump = section.Real("LatencyJump", 1, 1_000) ?? defaults.LatencyJump,
        };
    }

    private static ExactoOptions ReadExacto(SectionReader section)
    {
        var defaults = new ExactoOptions();
        return defaults with
        {
            AnswersForThroughput = section.Number("AnswersForThroughput", minimum: 1) ?? defaults.AnswersForThroughput,
            ToolAnswers = section.Number("ToolAnswers", minimum: 1) ?? defaults.ToolAnswers,
            Peers = section.Number("Peers", minimum: 2) ?? defaults.Peers,
            ThroughputDeviations = section.Real("ThroughputDeviations", 0, 100) ?? defaults.ThroughputDeviations,
            ToolCallDeviations = section.Real("ToolCallDeviations", 0, 100) ?? defaults.ToolCallDeviations,
            LeastDeviation = section.Real("LeastDeviation", 0, 1) ?? defaults.LeastDeviation,
        };
    }
}

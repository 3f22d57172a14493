namespace MeaiRouter.Routing;

/// <summary>What the strategy <c>balanced</c> weighs, and how.</summary>
/// <remarks>
/// OpenRouter describes this way of choosing and publishes one figure of it, but no constants. The defaults marked "figure" are those
/// that reproduce the figure; the others come from its examples.
/// </remarks>
public sealed record BalancedOptions
{
    /// <summary>What a second of waiting is worth, in US dollars: of the whole answer, and once more of the wait for its first content.</summary>
    /// <value>Default: 0.0001 (figure: adjusted price per million tokens plus 100 / tokens per second is constant along the edge).</value>
    public decimal UsdPerSecond { get; init; } = 0.0001m;

    /// <summary>By how many times its share the error rate raises the score.</summary>
    /// <value>Default: 8; 1 % of errors cost 8 %.</value>
    public double ErrorMultiple { get; init; } = 8;

    /// <summary>By how many times its share the rate of unreadable tool calls raises the score.</summary>
    /// <value>Default: 1; 5 % of bad calls cost 5 %.</value>
    public double BadToolCallMultiple { get; init; } = 1;

    /// <summary>What it costs to be refused with 429, in US dollars per million tokens of the request, times the rate of refusals.</summary>
    /// <value>Default: 2.5; at 0.4 % of refusals one cent per million tokens.</value>
    public decimal RefusalUsdPerMillion { get; init; } = 2.5m;

    /// <summary>The score up to which an endpoint competes, relative to the best.</summary>
    /// <value>Default: 1.30 (figure).</value>
    public double CompetitiveEdge { get; init; } = 1.30;

    /// <summary>How fast preference falls inside the edge: in e-folds from the best score to the edge.</summary>
    /// <value>Default: 0.22 (figure, least squares over its nine points, to 0.02 e-folds).</value>
    public double SlopeInside { get; init; } = 0.22;

    /// <summary>How fast preference falls far outside the edge, in the same unit.</summary>
    /// <value>Default: 4.7 (figure).</value>
    public double SlopeOutside { get; init; } = 4.7;

    /// <summary>How softly the two slopes meet at the edge; the width of a softplus, in the same unit.</summary>
    /// <value>Default: 0.27 (figure).</value>
    public double EdgeWidth { get; init; } = 0.27;

    /// <summary>The part of the traffic that is spread evenly, so that every endpoint keeps being known.</summary>
    /// <value>Default: 0.08 (figure).</value>
    public double Exploration { get; init; } = 0.08;

    /// <summary>Requests after which an endpoint's own numbers weigh as much as those of a typical one.</summary>
    /// <value>Default: 10.</value>
    public double RequestsToKnow { get; init; } = 10;

    /// <summary>Output tokens per second, the wait for the first included, where no endpoint has been measured.</summary>
    /// <value>Default: 50.</value>
    public double TypicalThroughput { get; init; } = 50;

    /// <summary>Seconds to the first content where no endpoint has been measured.</summary>
    /// <value>Default: 1.</value>
    public double TypicalLatency { get; init; } = 1;

    /// <summary>The error rate of an endpoint of which nothing is known.</summary>
    /// <value>Default: 0.01.</value>
    public double TypicalErrorRate { get; init; } = 0.01;

    /// <summary>Tokens of a prompt that nobody estimated.</summary>
    /// <value>Default: 2,000.</value>
    public long AssumedPromptTokens { get; init; } = 2_000;

    /// <summary>Tokens of an answer of which nobody knows the length.</summary>
    /// <value>Default: 500.</value>
    public long AssumedOutputTokens { get; init; } = 500;

    /// <summary>The share of unreadable tool calls from which an endpoint gets requests with tools for exploration only.</summary>
    /// <value>Default: 0.25.</value>
    public double BrokenToolCallShare { get; init; } = 0.25;

    /// <summary>Answers with tool calls needed before that share is believed.</summary>
    /// <value>Default: 20.</value>
    public int ToolAnswersToJudge { get; init; } = 20;

    /// <summary>How long after a 429 an endpoint's preference is lowered.</summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What then, or while its latency has jumped, is left of the preference.</summary>
    /// <value>Default: 0.25.</value>
    public double BackoffShare { get; init; } = 0.25;

    /// <summary>How many times the endpoint's usual latency is a jump.</summary>
    /// <value>Default: 3.</value>
    public double LatencyJump { get; init; } = 3;
}

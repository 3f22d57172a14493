namespace MeaiRouter.Dialects;

/// <summary>How an endpoint's reasoning is controlled, and what it takes back of it.</summary>
public sealed record ReasoningRules
{
    /// <summary>What most endpoints take.</summary>
    public static ReasoningRules Default { get; } = new();

    /// <summary>By what reasoning is controlled. Default: <see cref="ReasoningControl.Effort"/>.</summary>
    public ReasoningControl Control { get; init; } = ReasoningControl.Effort;

    /// <summary>
    /// The efforts the endpoint knows, weakest first, of <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>, <c>xhigh</c>
    /// and <c>max</c>; another is replaced by the nearest.
    /// </summary>
    /// <value>Default: <c>low</c>, <c>medium</c>, <c>high</c>.</value>
    public IReadOnlyList<string> Efforts { get; init; } = ["low", "medium", "high"];

    /// <summary>Whether the model always reasons: a request not to is refused.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    public bool IsMandatory { get; init; }

    /// <summary>The smallest budget of tokens. Default: 1,024, Anthropic's.</summary>
    public int MinBudget { get; init; } = 1_024;

    /// <summary>The largest budget of tokens. Default: 128,000, OpenRouter's limit.</summary>
    public int MaxBudget { get; init; } = 128_000;

    /// <summary>
    /// Whether the budget must be smaller than the output limit: it is then lowered, and where even <see cref="MinBudget"/> does not fit, the
    /// limit is raised.
    /// </summary>
    /// <value>Default: <see langword="false"/>; Anthropic wants it.</value>
    public bool BudgetIsWithinOutput { get; init; }

    /// <summary>
    /// Whether members of OpenRouter's object <c>reasoning</c> besides <c>effort</c>, <c>max_tokens</c>, <c>enabled</c> and <c>exclude</c> are
    /// taken, such as <c>summary</c>; where not, they are dropped, or the request is refused, as the caller decides.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesOtherMembers { get; init; } = true;

    /// <summary>
    /// The <c>format</c>s of <c>reasoning_details</c> whose signed or encrypted parts the endpoint takes though another provider made them,
    /// such as <c>anthropic-claude-v1</c>.
    /// </summary>
    /// <value>Default: none: such parts go back only to the provider they came from.</value>
    public IReadOnlyList<string> ForeignFormats { get; init; } = [];

    /// <summary>
    /// The <c>format</c>s of the <c>reasoning_details</c> that the endpoint itself makes, such as <c>google-gemini-v1</c>. They tell what is its
    /// own where a conversation comes from a caller who does not keep <c>AnswerProperties.ReasoningOrigin</c>, as over HTTP.
    /// </summary>
    /// <value>Default: <see langword="null"/>, not known: nothing is removed whose origin is not. An empty list says that it makes none.</value>
    public IReadOnlyList<string>? OwnFormats { get; init; }
}

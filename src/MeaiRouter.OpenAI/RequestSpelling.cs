namespace MeaiRouter.OpenAI;

/// <summary>Where providers of the same wire spell the same thing differently.</summary>
public sealed record RequestSpelling
{
    /// <summary>What most providers understand.</summary>
    public static RequestSpelling Default { get; } = new();

    /// <summary>Whether the output limit is sent as <c>max_completion_tokens</c>, which OpenAI's reasoning models insist on.</summary>
    /// <value>Default: <see langword="false"/>, it is sent as <c>max_tokens</c>.</value>
    public bool MaxCompletionTokens { get; init; }

    /// <summary>How reasoning that came over this wire goes back.</summary>
    /// <value>Default: <see cref="ReasoningSpelling.AsItCame"/>.</value>
    public ReasoningSpelling Reasoning { get; init; }
}

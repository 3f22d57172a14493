namespace MeaiRouter.OpenAI;

/// <summary>Where providers of the same wire spell the same thing differently.</summary>
public sealed record RequestSpelling
{
    /// <summary>What most providers understand.</summary>
    public static RequestSpelling Default { get; } = new();

    /// <summary>Whether the output limit is sent as <c>max_completion_tokens</c>, which OpenAI's reasoning models insist on.</summary>
    /// <value>Default: <see langword="false"/>, it is sent as <c>max_tokens</c>.</value>
    public bool MaxCompletionTokens { get; init; }

    /// <summary>The field in which the provider wants reasoning back that came in either field: <c>reasoning</c> or <c>reasoning_content</c>.</summary>
    /// <value>Default: <see langword="null"/>, it goes back in the field it came in.</value>
    public string? ReasoningField { get; init; }
}

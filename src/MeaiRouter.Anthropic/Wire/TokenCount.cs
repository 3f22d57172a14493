namespace MeaiRouter.Anthropic.Wire;

/// <summary>The answer of <c>count_tokens</c>.</summary>
internal sealed class TokenCount
{
    public required long InputTokens { get; set; }
}

namespace MeaiRouter.Anthropic.Wire;

/// <summary>How the model thinks: <c>enabled</c> with a budget, <c>adaptive</c> or <c>disabled</c>.</summary>
internal sealed class Thinking
{
    public string? Type { get; set; }

    public int? BudgetTokens { get; set; }

    /// <summary>Whether the thinking is shown: <c>summarized</c> or <c>omitted</c>.</summary>
    public string? Display { get; set; }
}

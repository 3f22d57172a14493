using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>OpenRouter's usage: the tokens of the answer and the cost of the whole request.</summary>
internal static class AnswerCost
{
    /// <summary>Adds the cost to what the provider reported, or to what was estimated where it reported nothing.</summary>
    public static CompletionUsage? AddTo(CompletionUsage? usage, RouteTrace? trace)
    {
        usage ??= trace?.Answer?.Usage is { } estimate ? Estimated(estimate) : null;
        if (usage is not null)
        {
            usage.Cost = trace?.Cost?.ToUsd();
            usage.IsByok = false;
        }

        return usage;
    }

    private static CompletionUsage Estimated(TokenUsage usage) => new()
    {
        PromptTokens = usage.TotalInput,
        CompletionTokens = usage.TotalOutput,
        TotalTokens = usage.Total,
    };
}

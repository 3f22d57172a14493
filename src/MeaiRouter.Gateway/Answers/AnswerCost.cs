using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;

namespace MeaiRouter.Gateway.Answers;

/// <summary>OpenRouter's usage: the tokens of the answer and the cost of the whole request.</summary>
internal static class AnswerCost
{
    /// <summary>Adds the cost to what the provider reported, or to what was estimated where it reported nothing.</summary>
    public static CompletionUsage? AddTo(CompletionUsage? usage, RouteTrace? trace)
    {
        usage ??= trace?.Answer?.Usage is { } estimate ? Estimated(estimate) : null;
        if (usage is null || trace is null)
            return usage;

        usage.Cost = trace.Charge?.ToUsd();
        usage.CostDetails = trace.Charge is null ? null : Details(trace);
        usage.IsByok = trace.Answer is { IsByok: true };
        return usage;
    }

    // OpenRouter: with a key of the caller's own the cost is a fee, and the upstream cost comes on top; otherwise there is none apart.
    private static CostDetails Details(RouteTrace trace)
    {
        // Of all attempts; null where no price tells.
        NanoUsd? prompt = null;
        NanoUsd? completions = null;
        var attempts = trace.Attempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            if (attempts[i] is not { Price: { } price, Usage: { } usage })
                continue;
            prompt = prompt.GetValueOrDefault() + price.PromptCostOf(usage);
            completions = completions.GetValueOrDefault() + price.CompletionCostOf(usage);
        }

        return new CostDetails
        {
            UpstreamInferenceCost = trace.UpstreamCost?.ToUsd(),
            UpstreamInferencePromptCost = prompt?.ToUsd(),
            UpstreamInferenceCompletionsCost = completions?.ToUsd(),
        };
    }

    private static CompletionUsage Estimated(TokenUsage usage) => new()
    {
        PromptTokens = usage.TotalInput,
        CompletionTokens = usage.TotalOutput,
        TotalTokens = usage.Total,
    };
}

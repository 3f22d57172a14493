using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Messages;

/// <summary>OpenRouter's cost beside Anthropic's token counts.</summary>
internal static class MessageCost
{
    /// <summary>Adds the cost to what the provider reported, or to what was estimated where it reported nothing.</summary>
    public static void AddTo(MessagesUsage usage, UsageDetails? reported, RouteTrace? trace)
    {
        if (reported is null && trace?.Answer?.Usage is { } estimate)
            (usage.InputTokens, usage.OutputTokens) = (estimate.TotalInput, estimate.TotalOutput);
        if (trace is null)
            return;

        var priced = AnswerCost.AddTo(new CompletionUsage(), trace)!;
        usage.Cost = priced.Cost;
        usage.IsByok = priced.IsByok;
        usage.CostDetails = priced.CostDetails is { } details ? JsonSerializer.SerializeToElement(details, WireJson.Strict.CostDetails) : null;
    }
}

using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Token counts of the wire and of Microsoft.Extensions.AI; both nest cached input in input and reasoning in output.</summary>
internal static class UsageMapping
{
    // The keys of Microsoft.Extensions.AI's OpenAI adapter.
    private const string AcceptedPrediction = "OutputTokenDetails.AcceptedPredictionTokenCount";
    private const string RejectedPrediction = "OutputTokenDetails.RejectedPredictionTokenCount";

    // Moonshot and Perplexity count these beside the details, not in them; Perplexity also says how often it searched.
    private const string CachedTokens = "cached_tokens";
    private const string ReasoningTokens = "reasoning_tokens";
    private const string Searches = "num_search_queries";

    // xAI: ten thousand millionths of a US dollar.
    private const string CostInTicks = "cost_in_usd_ticks";
    private const decimal UsdPerTick = 0.0000000001m;

    public static UsageDetails? Read(CompletionUsage? usage)
    {
        if (usage is null || !HasCounts(usage))
            return null;

        var input = usage.PromptTokensDetails;
        var output = usage.CompletionTokensDetails;
        var details = new UsageDetails
        {
            InputTokenCount = usage.PromptTokens,
            OutputTokenCount = usage.CompletionTokens,
            TotalTokenCount = usage.TotalTokens ?? usage.PromptTokens + usage.CompletionTokens,
            CachedInputTokenCount = input?.CachedTokens ?? usage.PromptCacheHitTokens ?? Count(usage.Extra, CachedTokens),
            ReasoningTokenCount = output?.ReasoningTokens ?? Count(usage.Extra, ReasoningTokens),
        };

        Add(details, UsageCounts.CacheWrite, input?.CacheWriteTokens);
        Add(details, UsageCounts.AudioInput, input?.AudioTokens);
        Add(details, UsageCounts.ImageInput, input?.ImageTokens);
        Add(details, UsageCounts.VideoInput, input?.VideoTokens);
        Add(details, UsageCounts.AudioOutput, output?.AudioTokens);
        Add(details, UsageCounts.ImageOutput, output?.ImageTokens);
        Add(details, AcceptedPrediction, output?.AcceptedPredictionTokens);
        Add(details, RejectedPrediction, output?.RejectedPredictionTokens);
        if (usage.Extra is { } others)
            AnthropicUsage.AddTo(details, others);
        AddTools(details, usage.ServerToolUseDetails ?? usage.ServerToolUse);
        if (details.AdditionalCounts?.ContainsKey(UsageCounts.WebSearches) != true)
            Add(details, UsageCounts.WebSearches, Count(usage.Extra, Searches));
        AddCost(details, usage);
        return details;
    }

    public static CompletionUsage? Write(UsageDetails? usage)
    {
        if (usage is null)
            return null;

        // The official clients declare these three as always present, and add them up.
        var prompt = usage.InputTokenCount ?? (usage.OutputTokenCount is null ? usage.TotalTokenCount : null) ?? 0;
        var completion = usage.OutputTokenCount ?? 0;
        return new CompletionUsage
        {
            PromptTokens = prompt,
            CompletionTokens = completion,
            TotalTokens = prompt + completion,
            PromptTokensDetails = WriteInput(usage),
            CompletionTokensDetails = WriteOutput(usage),
            ServerToolUseDetails = WriteTools(usage),
        };
    }

    private static PromptTokensDetails? WriteInput(UsageDetails usage)
    {
        if (usage is { CachedInputTokenCount: null, AdditionalCounts: null })
            return null;

        var input = new PromptTokensDetails
        {
            CachedTokens = usage.CachedInputTokenCount,
            CacheWriteTokens = Count(usage, UsageCounts.CacheWrite),
            AudioTokens = Count(usage, UsageCounts.AudioInput),
            ImageTokens = Count(usage, UsageCounts.ImageInput),
            VideoTokens = Count(usage, UsageCounts.VideoInput),
        };
        return IsEmpty(input) ? null : input;
    }

    private static CompletionTokensDetails? WriteOutput(UsageDetails usage)
    {
        if (usage is { ReasoningTokenCount: null, AdditionalCounts: null })
            return null;

        var output = new CompletionTokensDetails
        {
            ReasoningTokens = usage.ReasoningTokenCount,
            AudioTokens = Count(usage, UsageCounts.AudioOutput),
            ImageTokens = Count(usage, UsageCounts.ImageOutput),
            AcceptedPredictionTokens = Count(usage, AcceptedPrediction),
            RejectedPredictionTokens = Count(usage, RejectedPrediction),
        };
        return IsEmpty(output) ? null : output;
    }

    private static void AddTools(UsageDetails details, ServerToolUse? tools)
    {
        if (tools is null)
            return;

        Add(details, UsageCounts.WebSearches, tools.WebSearchRequests);
        if (tools.ToolCallsExecuted - tools.WebSearchRequests.GetValueOrDefault() is > 0 and var others)
            Add(details, UsageCounts.ToolUnits, others);
    }

    private static void AddCost(UsageDetails details, CompletionUsage usage)
    {
        if (NanoUsdOf(usage.Cost ?? Count(usage.Extra, CostInTicks) * UsdPerTick) is not { } cost)
            return;

        Add(details, UsageCounts.ReportedCost, cost);
        Add(details, UsageCounts.ReportedUpstreamCost, NanoUsdOf(usage.CostDetails?.UpstreamInferenceCost));
        if (usage.IsByok == true)
            Add(details, UsageCounts.ReportedByok, 1);
    }

    // Beyond a million dollars it is no cost but a mistake.
    private static long? NanoUsdOf(decimal? usd) => usd is >= 0 and <= 1_000_000 ? NanoUsd.FromUsd(usd.Value).Value : null;

    private static ServerToolUse? WriteTools(UsageDetails usage)
    {
        var (searches, others) = (Count(usage, UsageCounts.WebSearches), Count(usage, UsageCounts.ToolUnits));
        return searches is null && others is null
            ? null
            : new ServerToolUse { WebSearchRequests = searches ?? 0, ToolCallsExecuted = searches.GetValueOrDefault() + others.GetValueOrDefault() };
    }

    private static bool IsEmpty(PromptTokensDetails details) =>
        details is { CachedTokens: null, CacheWriteTokens: null, AudioTokens: null, ImageTokens: null, VideoTokens: null };

    private static bool IsEmpty(CompletionTokensDetails details) => details is
    {
        ReasoningTokens: null, AudioTokens: null, ImageTokens: null, AcceptedPredictionTokens: null, RejectedPredictionTokens: null,
    };

    /// <summary>Whether anything is counted.</summary>
    public static bool HasCounts(CompletionUsage usage) =>
        usage.PromptTokens is not null || usage.CompletionTokens is not null || usage.TotalTokens is not null
        || AnthropicUsage.HasCounts(usage.Extra);

    private static void Add(UsageDetails details, string key, long? count)
    {
        if (count is { } value)
            (details.AdditionalCounts ??= [])[key] = value;
    }

    private static long? Count(IDictionary<string, JsonElement>? fields, string name) =>
        fields is not null && fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? count : null;

    private static long? Count(UsageDetails usage, string key) =>
        usage.AdditionalCounts is { } counts && counts.TryGetValue(key, out var value) ? value : null;
}

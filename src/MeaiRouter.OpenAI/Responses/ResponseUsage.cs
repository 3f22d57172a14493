using System.Text.Json.Serialization;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>The tokens an answer used and what they cost. OpenAI's clients declare the counts as always present.</summary>
public sealed class ResponseUsage
{
    /// <summary>Input tokens, cached ones included.</summary>
    public long InputTokens { get; set; }

    /// <summary>Parts of the input tokens.</summary>
    public ResponseInputTokens InputTokensDetails { get; set; } = new();

    /// <summary>Output tokens, reasoning included.</summary>
    public long OutputTokens { get; set; }

    /// <summary>Parts of the output tokens.</summary>
    public ResponseOutputTokens OutputTokensDetails { get; set; } = new();

    /// <summary>Input and output tokens.</summary>
    public long TotalTokens { get; set; }

    /// <summary>OpenRouter: US dollars charged.</summary>
    public decimal? Cost { get; set; }

    /// <summary>OpenRouter: what the charge is made of.</summary>
    public ResponseCostDetails? CostDetails { get; set; }

    /// <summary>OpenRouter: whether the caller's own key at the provider was used.</summary>
    public bool? IsByok { get; set; }

    /// <summary>The same usage in the words of this API; <see langword="null"/> where there is none.</summary>
    public static ResponseUsage? Of(CompletionUsage? usage) => usage is null ? null : new()
    {
        InputTokens = usage.PromptTokens ?? 0,
        InputTokensDetails = new()
        {
            CachedTokens = usage.PromptTokensDetails?.CachedTokens ?? 0,
            CacheWriteTokens = usage.PromptTokensDetails?.CacheWriteTokens,
        },
        OutputTokens = usage.CompletionTokens ?? 0,
        OutputTokensDetails = new() { ReasoningTokens = usage.CompletionTokensDetails?.ReasoningTokens ?? 0 },
        TotalTokens = usage.TotalTokens ?? 0,
        Cost = usage.Cost,
        CostDetails = usage.CostDetails is not { } details ? null : new()
        {
            UpstreamInferenceCost = details.UpstreamInferenceCost,
            UpstreamInferenceInputCost = details.UpstreamInferencePromptCost,
            UpstreamInferenceOutputCost = details.UpstreamInferenceCompletionsCost,
        },
        IsByok = usage.IsByok,
    };
}

/// <summary>Parts of the input tokens.</summary>
public sealed class ResponseInputTokens
{
    /// <summary>Read from the cache.</summary>
    public long CachedTokens { get; set; }

    /// <summary>OpenRouter: written to the cache.</summary>
    public long? CacheWriteTokens { get; set; }
}

/// <summary>Parts of the output tokens.</summary>
public sealed class ResponseOutputTokens
{
    /// <summary>Spent on reasoning.</summary>
    public long ReasoningTokens { get; set; }
}

/// <summary>OpenRouter: what a charge is made of, in US dollars.</summary>
public sealed class ResponseCostDetails
{
    /// <summary>What the provider behind charged; written even where there is nothing, as OpenRouter does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public decimal? UpstreamInferenceCost { get; set; }

    /// <summary>The part for input tokens.</summary>
    public decimal? UpstreamInferenceInputCost { get; set; }

    /// <summary>The part for output tokens.</summary>
    public decimal? UpstreamInferenceOutputCost { get; set; }
}

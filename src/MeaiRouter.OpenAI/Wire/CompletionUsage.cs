using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The tokens an answer used, nested as OpenAI nests them, and what OpenRouter adds.</summary>
public sealed class CompletionUsage
{
    /// <summary>Input tokens, cached ones included.</summary>
    public long? PromptTokens { get; set; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long? CompletionTokens { get; set; }

    /// <summary>Input and output tokens.</summary>
    public long? TotalTokens { get; set; }

    /// <summary>Parts of the input tokens.</summary>
    public PromptTokensDetails? PromptTokensDetails { get; set; }

    /// <summary>Parts of the output tokens.</summary>
    public CompletionTokensDetails? CompletionTokensDetails { get; set; }

    /// <summary>DeepSeek: input tokens read from the cache.</summary>
    public long? PromptCacheHitTokens { get; set; }

    /// <summary>OpenRouter: US dollars charged. Perplexity's object with the parts of the charge is read as its <c>total_cost</c>.</summary>
    public decimal? Cost { get; set; }

    /// <summary>OpenRouter: what the charge is made of.</summary>
    public CostDetails? CostDetails { get; set; }

    /// <summary>OpenRouter: whether the caller's own key at the provider was used.</summary>
    public bool? IsByok { get; set; }

    /// <summary>OpenRouter: how often the provider ran tools of its own.</summary>
    public ServerToolUse? ServerToolUseDetails { get; set; }

    /// <summary>The same under the name that OpenRouter's guide and Anthropic use.</summary>
    public ServerToolUse? ServerToolUse { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Parts of the input tokens.</summary>
public sealed class PromptTokensDetails
{
    /// <summary>Read from the cache.</summary>
    public long? CachedTokens { get; set; }

    /// <summary>Written to the cache.</summary>
    public long? CacheWriteTokens { get; set; }

    /// <summary>Of audio.</summary>
    public long? AudioTokens { get; set; }

    /// <summary>Of images.</summary>
    public long? ImageTokens { get; set; }

    /// <summary>Of video.</summary>
    public long? VideoTokens { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>Parts of the output tokens.</summary>
public sealed class CompletionTokensDetails
{
    /// <summary>Spent on reasoning.</summary>
    public long? ReasoningTokens { get; set; }

    /// <summary>Of audio.</summary>
    public long? AudioTokens { get; set; }

    /// <summary>Of images.</summary>
    public long? ImageTokens { get; set; }

    /// <summary>Predicted by the caller and used.</summary>
    public long? AcceptedPredictionTokens { get; set; }

    /// <summary>Predicted by the caller and not used, but charged.</summary>
    public long? RejectedPredictionTokens { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

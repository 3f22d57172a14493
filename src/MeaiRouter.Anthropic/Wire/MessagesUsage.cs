using System.Text.Json;

namespace MeaiRouter.Anthropic.Wire;

/// <summary>Token counts. Cached input is beside <see cref="InputTokens"/>, not within.</summary>
internal sealed class MessagesUsage
{
    public long InputTokens { get; set; }

    public long CacheCreationInputTokens { get; set; }

    public long CacheReadInputTokens { get; set; }

    public CacheCreation? CacheCreation { get; set; }

    public long OutputTokens { get; set; }

    public OutputTokensDetails? OutputTokensDetails { get; set; }

    public ServerToolUse? ServerToolUse { get; set; }

    public string? ServiceTier { get; set; }

    /// <summary>OpenRouter's: what the request cost, in USD.</summary>
    public decimal? Cost { get; set; }

    public JsonElement? CostDetails { get; set; }

    public bool? IsByok { get; set; }
}

/// <summary>Cache writes by their time to live.</summary>
internal sealed class CacheCreation
{
    [System.Text.Json.Serialization.JsonPropertyName("ephemeral_5m_input_tokens")]
    public long FiveMinutes { get; set; }

    [System.Text.Json.Serialization.JsonPropertyName("ephemeral_1h_input_tokens")]
    public long OneHour { get; set; }
}

/// <summary>What the output tokens were.</summary>
internal sealed class OutputTokensDetails
{
    public long ThinkingTokens { get; set; }
}

/// <summary>Runs of the provider's own tools.</summary>
internal sealed class ServerToolUse
{
    public long WebSearchRequests { get; set; }
}

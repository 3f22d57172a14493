namespace MeaiRouter.Testing;

/// <summary>How a provider reports the tokens it counted.</summary>
public enum UsageSpelling
{
    /// <summary>Totals with <c>prompt_tokens_details</c> and <c>completion_tokens_details</c>.</summary>
    OpenAI,

    /// <summary>Three totals and nothing else, in a stream unasked on the chunk with the finish reason, as Mistral does.</summary>
    Totals,

    /// <summary>With <c>prompt_cache_hit_tokens</c> and <c>prompt_cache_miss_tokens</c>, as DeepSeek does.</summary>
    DeepSeek,

    /// <summary>With <c>cached_tokens</c> beside the totals, as Moonshot does.</summary>
    Moonshot,

    /// <summary>In a stream unasked under <c>x_groq</c> on the chunk with the finish reason, as Groq does.</summary>
    Groq,

    /// <summary>With reasoning that is not part of <c>completion_tokens</c> but of <c>total_tokens</c>, as xAI and Gemini do.</summary>
    ReasoningApart,
}

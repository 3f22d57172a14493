namespace MeaiRouter.Pricing;

/// <summary>
/// Keys of <c>UsageDetails.AdditionalCounts</c> for token counts that Microsoft.Extensions.AI has no property for.
/// Each is a part of the input or output total, never an addition to it.
/// </summary>
public static class UsageCounts
{
    /// <summary>Input tokens written to the provider's prompt cache for its default time to live (five minutes at Anthropic).</summary>
    public const string CacheWrite = "InputTokenDetails.CacheWriteTokenCount";

    /// <summary>Input tokens written to the provider's prompt cache for one hour.</summary>
    public const string CacheWrite1h = "InputTokenDetails.CacheWrite1hTokenCount";

    /// <summary>Input tokens of audio. The key that Microsoft.Extensions.AI's OpenAI adapter uses.</summary>
    public const string AudioInput = "InputTokenDetails.AudioTokenCount";

    /// <summary>Input tokens of images.</summary>
    public const string ImageInput = "InputTokenDetails.ImageTokenCount";

    /// <summary>Output tokens of audio. The key that Microsoft.Extensions.AI's OpenAI adapter uses.</summary>
    public const string AudioOutput = "OutputTokenDetails.AudioTokenCount";

    /// <summary>Output tokens of images.</summary>
    public const string ImageOutput = "OutputTokenDetails.ImageTokenCount";

    /// <summary>Cache writes as Anthropic's SDK reports them.</summary>
    internal const string AnthropicCacheCreation = "CacheCreationInputTokens";
}

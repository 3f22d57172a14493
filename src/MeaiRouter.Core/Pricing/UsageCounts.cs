namespace MeaiRouter.Pricing;

/// <summary>
/// Keys of <c>UsageDetails.AdditionalCounts</c> for what Microsoft.Extensions.AI has no property for. Each token count is a part of the
/// input or output total, never an addition to it. Any client may set them.
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

    /// <summary>Input tokens of video.</summary>
    public const string VideoInput = "InputTokenDetails.VideoTokenCount";

    /// <summary>Output tokens of audio. The key that Microsoft.Extensions.AI's OpenAI adapter uses.</summary>
    public const string AudioOutput = "OutputTokenDetails.AudioTokenCount";

    /// <summary>Output tokens of images.</summary>
    public const string ImageOutput = "OutputTokenDetails.ImageTokenCount";

    /// <summary>Web searches that the provider ran.</summary>
    public const string WebSearches = "ServerTools.WebSearchCount";

    /// <summary>Runs of the provider's other tools.</summary>
    public const string ToolUnits = "ServerTools.OtherCallCount";

    /// <summary>What the provider says it charged, in nano-dollars: OpenRouter's <c>usage.cost</c>.</summary>
    public const string ReportedCost = "Cost.NanoUsd";

    /// <summary>
    /// What the provider behind the provider charged, in nano-dollars: OpenRouter's <c>cost_details.upstream_inference_cost</c>.
    /// </summary>
    public const string ReportedUpstreamCost = "Cost.UpstreamNanoUsd";

    /// <summary>
    /// More than 0 where the provider called with a key of the account's own, so that its charge is only a fee: OpenRouter's <c>is_byok</c>.
    /// </summary>
    public const string ReportedByok = "Cost.IsByok";

    /// <summary>Cache writes as Anthropic's SDK reports them, for either time to live.</summary>
    internal const string AnthropicCacheCreation = "CacheCreationInputTokens";
}

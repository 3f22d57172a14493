using Microsoft.Extensions.AI;

namespace MeaiRouter.Pricing;

/// <summary>
/// The tokens of one attempt in disjoint buckets: their sum is the provider's total. <see cref="UsageDetails"/> nests instead (cached
/// inside input, reasoning inside output), which is how tokens get charged twice.
/// </summary>
public readonly record struct TokenUsage
{
    // No request comes near it; it keeps what a provider may claim from overflowing sums and costs.
    private const long MostTokens = int.MaxValue;

    /// <summary>Input text tokens at the full price.</summary>
    public long Input { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for its default time to live.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for one hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Input tokens of audio.</summary>
    public long AudioInput { get; init; }

    /// <summary>Input tokens of images, where the provider counts them apart.</summary>
    public long ImageInput { get; init; }

    /// <summary>Output text tokens, without reasoning.</summary>
    public long Output { get; init; }

    /// <summary>Output tokens spent on reasoning.</summary>
    public long Reasoning { get; init; }

    /// <summary>Output tokens of audio.</summary>
    public long AudioOutput { get; init; }

    /// <summary>Output tokens of images.</summary>
    public long ImageOutput { get; init; }

    /// <summary>Whether the provider gave no usage and the numbers are an estimate.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>All input tokens.</summary>
    public long TotalInput => Input + CacheRead + CacheWrite + CacheWrite1h + AudioInput + ImageInput;

    /// <summary>All output tokens.</summary>
    public long TotalOutput => Output + Reasoning + AudioOutput + ImageOutput;

    /// <summary>All tokens.</summary>
    public long Total => TotalInput + TotalOutput;

    /// <summary>Splits nested usage into disjoint buckets.</summary>
    /// <param name="usage">Usage as Microsoft.Extensions.AI defines it: cached inside input, reasoning inside output.</param>
    /// <remarks>
    /// A part that exceeds its whole is kept and the whole grows: some providers count cached tokens beside the input instead of inside.
    /// Where a provider gives a total that exceeds input plus output, the difference is reasoning it left out of the output. A count below
    /// zero or beyond two billion is taken for that limit.
    /// </remarks>
    public static TokenUsage From(UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(usage);

#pragma warning disable MEAI001 // The audio counts are experimental, but providers already report by them.
        var buckets = new TokenUsage
        {
            CacheRead = Plausible(usage.CachedInputTokenCount),
            CacheWrite = Plausible(Count(usage, UsageCounts.CacheWrite) ?? Count(usage, UsageCounts.AnthropicCacheCreation)),
            CacheWrite1h = Plausible(Count(usage, UsageCounts.CacheWrite1h)),
            AudioInput = Plausible(Count(usage, UsageCounts.AudioInput) ?? usage.InputAudioTokenCount),
            ImageInput = Plausible(Count(usage, UsageCounts.ImageInput)),
            Reasoning = Plausible(usage.ReasoningTokenCount),
            AudioOutput = Plausible(Count(usage, UsageCounts.AudioOutput) ?? usage.OutputAudioTokenCount),
            ImageOutput = Plausible(Count(usage, UsageCounts.ImageOutput)),
        };
#pragma warning restore MEAI001

        var input = Plausible(usage.InputTokenCount);
        var output = Plausible(usage.OutputTokenCount);

        // Reasoning missing from the output shows as a total above input plus output (peers' 17 % billing gaps).
        if (usage.TotalTokenCount > input + output && usage.TotalTokenCount - input - output == buckets.Reasoning)
            output += buckets.Reasoning;

        return buckets with
        {
            Input = Math.Max(0, input - buckets.TotalInput),
            Output = Math.Max(0, output - buckets.TotalOutput),
        };
    }

    /// <summary>Adds bucket by bucket; the sum is an estimate if a part is.</summary>
    public static TokenUsage operator +(in TokenUsage left, in TokenUsage right) => new()
    {
        Input = left.Input + right.Input,
        CacheRead = left.CacheRead + right.CacheRead,
        CacheWrite = left.CacheWrite + right.CacheWrite,
        CacheWrite1h = left.CacheWrite1h + right.CacheWrite1h,
        AudioInput = left.AudioInput + right.AudioInput,
        ImageInput = left.ImageInput + right.ImageInput,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
        AudioOutput = left.AudioOutput + right.AudioOutput,
        ImageOutput = left.ImageOutput + right.ImageOutput,
        IsEstimated = left.IsEstimated || right.IsEstimated,
    };

    /// <summary>Adds bucket by bucket; the sum is an estimate if a part is.</summary>
    public static TokenUsage Add(in TokenUsage left, in TokenUsage right) => left + right;

    private static long? Count(UsageDetails usage, string key) =>
        usage.AdditionalCounts is { } counts && counts.TryGetValue(key, out var value) ? value : null;

    private static long Plausible(long? value) => Math.Clamp(value.GetValueOrDefault(), 0, MostTokens);
}

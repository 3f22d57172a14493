using Microsoft.Extensions.AI;

namespace MeaiRouter.Pricing;

/// <summary>
/// What one attempt used, in disjoint buckets: the tokens sum to the provider's total. <see cref="UsageDetails"/> nests instead (cached
/// inside input, reasoning inside output), which is how tokens get charged twice.
/// </summary>
public readonly record struct TokenUsage
{
    private readonly RareUsage? _rare;

    /// <summary>Input text tokens at the full price.</summary>
    public long Input { get; init; }

    /// <summary>Input tokens read from the provider's prompt cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for its default time to live (five minutes at Anthropic).</summary>
    public long CacheWrite { get; init; }

    /// <summary>Input tokens written to the provider's prompt cache for one hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Input tokens of audio, where the provider counts them apart.</summary>
    public long AudioInput { get => _rare?.AudioInput ?? 0; init => _rare = (Rare with { AudioInput = value }).OrNull(); }

    /// <summary>Input tokens of images, where the provider counts them apart.</summary>
    public long ImageInput { get => _rare?.ImageInput ?? 0; init => _rare = (Rare with { ImageInput = value }).OrNull(); }

    /// <summary>Input tokens of video, where the provider counts them apart.</summary>
    public long VideoInput { get => _rare?.VideoInput ?? 0; init => _rare = (Rare with { VideoInput = value }).OrNull(); }

    /// <summary>Output text tokens, without reasoning.</summary>
    public long Output { get; init; }

    /// <summary>Output tokens spent on reasoning.</summary>
    public long Reasoning { get; init; }

    /// <summary>Output tokens of audio.</summary>
    public long AudioOutput { get => _rare?.AudioOutput ?? 0; init => _rare = (Rare with { AudioOutput = value }).OrNull(); }

    /// <summary>Output tokens of images.</summary>
    public long ImageOutput { get => _rare?.ImageOutput ?? 0; init => _rare = (Rare with { ImageOutput = value }).OrNull(); }

    /// <summary>Requests that reached a provider: 1 for an attempt that used anything, more for a sum.</summary>
    public long Requests { get; init; }

    /// <summary>Images in the prompt, counted only for endpoints that charge for each.</summary>
    public long Images { get => _rare?.Images ?? 0; init => _rare = (Rare with { Images = value }).OrNull(); }

    /// <summary>Web searches that the provider ran for the answer.</summary>
    public long WebSearches { get => _rare?.WebSearches ?? 0; init => _rare = (Rare with { WebSearches = value }).OrNull(); }

    /// <summary>Runs of the provider's other tools for the answer.</summary>
    public long ToolUnits { get => _rare?.ToolUnits ?? 0; init => _rare = (Rare with { ToolUnits = value }).OrNull(); }

    /// <summary>Whether numbers are an estimate: the provider gave none, or broke off before the last ones.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>What did not add up in the provider's numbers.</summary>
    public UsageDiscrepancies Discrepancies { get; init; }

    /// <summary>All input tokens.</summary>
    public long TotalInput => Input + CacheRead + CacheWrite + CacheWrite1h + (_rare is { } rare ? rare.AudioInput + rare.ImageInput + rare.VideoInput : 0);

    /// <summary>All output tokens.</summary>
    public long TotalOutput => Output + Reasoning + (_rare is { } rare ? rare.AudioOutput + rare.ImageOutput : 0);

    /// <summary>All tokens.</summary>
    public long Total => TotalInput + TotalOutput;

    /// <summary>Whether any of the buckets that most attempts leave empty is filled.</summary>
    internal bool HasRare => _rare is not null;

    private RareUsage Rare => _rare ?? RareUsage.None;

    /// <summary>Splits nested usage into disjoint buckets.</summary>
    /// <param name="usage">Usage as Microsoft.Extensions.AI defines it: cached inside input, reasoning inside output.</param>
    /// <remarks>
    /// <para>Where the total exceeds input plus output by just the cached tokens or the reasoning, they were counted beside and are added;
    /// where no reasoning was reported, the difference is reasoning (Gemini hides it so from OpenAI's wire).</para>
    /// <para>What still does not fit is clamped and said in <see cref="Discrepancies"/>: parts that exceed their whole are cut to it, a count
    /// below zero or beyond two billion is taken for that limit, and input and output stand where the total contradicts them.</para>
    /// </remarks>
    public static TokenUsage From(UsageDetails usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return UsageSplit.Of(usage);
    }

    /// <summary>Adds bucket by bucket; the sum is an estimate if a part is, and has the discrepancies of both.</summary>
    public static TokenUsage operator +(in TokenUsage left, in TokenUsage right) => new(RareUsage.Sum(left._rare, right._rare))
    {
        Input = left.Input + right.Input,
        CacheRead = left.CacheRead + right.CacheRead,
        CacheWrite = left.CacheWrite + right.CacheWrite,
        CacheWrite1h = left.CacheWrite1h + right.CacheWrite1h,
        Output = left.Output + right.Output,
        Reasoning = left.Reasoning + right.Reasoning,
        Requests = left.Requests + right.Requests,
        IsEstimated = left.IsEstimated || right.IsEstimated,
        Discrepancies = left.Discrepancies | right.Discrepancies,
    };

    /// <summary>Adds bucket by bucket; the sum is an estimate if a part is, and has the discrepancies of both.</summary>
    public static TokenUsage Add(in TokenUsage left, in TokenUsage right) => left + right;

    internal TokenUsage(RareUsage? rare) => _rare = rare;
}

using MeaiRouter.Pricing;

namespace MeaiRouter.EntityFrameworkCore.Schema;

/// <summary>The buckets of <see cref="TokenUsage"/> as columns, in one place: attempts, rollups and reports all go by this list.</summary>
internal static class TokenBuckets
{
    public static IReadOnlyList<TokenBucket> All { get; } =
    [
        new("input_tokens", usage => usage.Input, (usage, count) => usage with { Input = count }),
        new("cache_read_tokens", usage => usage.CacheRead, (usage, count) => usage with { CacheRead = count }),
        new("cache_write_tokens", usage => usage.CacheWrite, (usage, count) => usage with { CacheWrite = count }),
        new("cache_write_1h_tokens", usage => usage.CacheWrite1h, (usage, count) => usage with { CacheWrite1h = count }),
        new("audio_input_tokens", usage => usage.AudioInput, (usage, count) => usage with { AudioInput = count }),
        new("image_input_tokens", usage => usage.ImageInput, (usage, count) => usage with { ImageInput = count }),
        new("video_input_tokens", usage => usage.VideoInput, (usage, count) => usage with { VideoInput = count }),
        new("output_tokens", usage => usage.Output, (usage, count) => usage with { Output = count }),
        new("reasoning_tokens", usage => usage.Reasoning, (usage, count) => usage with { Reasoning = count }),
        new("audio_output_tokens", usage => usage.AudioOutput, (usage, count) => usage with { AudioOutput = count }),
        new("image_output_tokens", usage => usage.ImageOutput, (usage, count) => usage with { ImageOutput = count }),
        new("billed_requests", usage => usage.Requests, (usage, count) => usage with { Requests = count }),
        new("billed_images", usage => usage.Images, (usage, count) => usage with { Images = count }),
        new("web_searches", usage => usage.WebSearches, (usage, count) => usage with { WebSearches = count }),
        new("tool_units", usage => usage.ToolUnits, (usage, count) => usage with { ToolUnits = count }),
    ];
}

/// <summary>One bucket and its column.</summary>
internal sealed record TokenBucket(string Column, Func<TokenUsage, long> Read, Func<TokenUsage, long, TokenUsage> Write);

using System.Text.Json;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>
/// Anthropic's words for usage, as proxies leave them on OpenAI's wire. Beside <c>input_tokens</c> cached tokens are no part of them;
/// beside <c>prompt_tokens</c> they are.
/// </summary>
internal static class AnthropicUsage
{
    private const string Input = "input_tokens";
    private const string Output = "output_tokens";
    private const string CacheRead = "cache_read_input_tokens";
    private const string CacheWrite = "cache_creation_input_tokens";
    private const string CacheWriteSplit = "cache_creation";
    private const string CacheWrite1h = "ephemeral_1h_input_tokens";

    public static bool HasCounts(IDictionary<string, JsonElement>? fields) =>
        fields is not null && (Count(fields, Input) is not null || Count(fields, Output) is not null);

    /// <summary>Completes what OpenAI's words say.</summary>
    public static void AddTo(UsageDetails details, IDictionary<string, JsonElement> fields)
    {
        var read = Count(fields, CacheRead);
        var write = Count(fields, CacheWrite);
        var long1h = fields.TryGetValue(CacheWriteSplit, out var split) && split.ValueKind == JsonValueKind.Object
            ? Count(split, CacheWrite1h)
            : null;

        if (details.InputTokenCount is null && Count(fields, Input) is { } input)
            details.InputTokenCount = input + (read ?? 0) + (write ?? 0);
        details.OutputTokenCount ??= Count(fields, Output);
        if (details.InputTokenCount is not null && details.OutputTokenCount is not null)
            details.TotalTokenCount ??= details.InputTokenCount + details.OutputTokenCount;

        // Proxies that have both words fill the other one with 0.
        if (read > details.CachedInputTokenCount.GetValueOrDefault())
            details.CachedInputTokenCount = read;
        if (write is null || details.AdditionalCounts?.GetValueOrDefault(UsageCounts.CacheWrite) > 0)
            return;

        var counts = details.AdditionalCounts ??= [];
        counts[UsageCounts.CacheWrite] = Math.Max(0, write.Value - (long1h ?? 0));
        if (long1h is { } hour)
            counts[UsageCounts.CacheWrite1h] = hour;
    }

    private static long? Count(IDictionary<string, JsonElement> fields, string name) =>
        fields.TryGetValue(name, out var value) ? Count(value) : null;

    private static long? Count(JsonElement fields, string name) => fields.TryGetProperty(name, out var value) ? Count(value) : null;

    // The bound keeps sums of two from overflowing.
    private static long? Count(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count) ? Math.Clamp(count, int.MinValue, int.MaxValue) : null;
}

using System.Text.Json;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>
/// Token counts. Anthropic counts cached input beside the rest of it, Microsoft.Extensions.AI within; cache writes are told apart by their time
/// to live, because an hour costs more than five minutes.
/// </summary>
internal static class UsageMapping
{
    /// <summary>Reads what one <c>usage</c> says; <see langword="null"/> where it counts nothing.</summary>
    public static UsageDetails? Read(JsonElement usage)
    {
        var (input, output) = (usage.Count("input_tokens"), usage.Count("output_tokens"));
        if (input is null && output is null)
            return null;

        var (read, write) = (usage.Count("cache_read_input_tokens"), usage.Count("cache_creation_input_tokens"));
        var hour = usage.Object("cache_creation")?.Count("ephemeral_1h_input_tokens");
        var details = new UsageDetails
        {
            InputTokenCount = input is null ? null : input + (read ?? 0) + (write ?? 0),
            OutputTokenCount = output,
            CachedInputTokenCount = read,
            ReasoningTokenCount = usage.Object("output_tokens_details")?.Count("thinking_tokens"),
        };
        details.TotalTokenCount = details.InputTokenCount + details.OutputTokenCount;
        Add(details, UsageCounts.CacheWrite, write is null ? null : Math.Max(0, write.Value - (hour ?? 0)));
        Add(details, UsageCounts.CacheWrite1h, hour > 0 ? hour : null);
        if (usage.Object("server_tool_use") is { } tools)
        {
            Add(details, UsageCounts.WebSearches, tools.Count("web_search_requests"));
            Add(details, UsageCounts.ToolUnits, tools.Count("web_fetch_requests"));
        }

        return details;
    }

    /// <summary>Later counts of a stream replace earlier ones: they are sums, and those that are absent have not changed.</summary>
    public static JsonElement? Merge(JsonElement? earlier, JsonElement? later)
    {
        if (earlier is not { } before || later is not { } after)
            return later ?? earlier;

        var merged = new Dictionary<string, object?>();
        foreach (var field in before.EnumerateObject().Concat(after.EnumerateObject()))
        {
            if (field.Value.ValueKind != JsonValueKind.Null)
                merged[field.Name] = field.Value;
        }

        return JsonSerializer.SerializeToElement(merged, MessagesJson.Wire.DictionaryStringObject);
    }

    public static MessagesUsage Write(UsageDetails? usage, string? serviceTier)
    {
        var (read, write, hour) = (usage?.CachedInputTokenCount ?? 0, Count(usage, UsageCounts.CacheWrite), Count(usage, UsageCounts.CacheWrite1h));
        return new MessagesUsage
        {
            InputTokens = Math.Max(0, (usage?.InputTokenCount ?? 0) - read - write - hour),
            CacheReadInputTokens = read,
            CacheCreationInputTokens = write + hour,
            CacheCreation = new CacheCreation { FiveMinutes = write, OneHour = hour },
            OutputTokens = usage?.OutputTokenCount ?? 0,
            OutputTokensDetails = usage?.ReasoningTokenCount is { } reasoning ? new OutputTokensDetails { ThinkingTokens = reasoning } : null,
            ServerToolUse = Count(usage, UsageCounts.WebSearches) is > 0 and var searches ? new ServerToolUse { WebSearchRequests = searches } : null,

            // OpenRouter: Anthropic's word for OpenAI's "default".
            ServiceTier = serviceTier == "default" ? "standard" : serviceTier,
        };
    }

    private static void Add(UsageDetails details, string key, long? count)
    {
        if (count is { } value)
            (details.AdditionalCounts ??= [])[key] = value;
    }

    private static long Count(UsageDetails? usage, string key) =>
        usage?.AdditionalCounts is { } counts && counts.TryGetValue(key, out var value) ? value : 0;
}

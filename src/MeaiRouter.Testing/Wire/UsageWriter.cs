using System.Text.Json.Nodes;

namespace MeaiRouter.Testing;

/// <summary>Writes token counts as a provider spells them.</summary>
internal sealed class UsageWriter(UsageSpelling spelling)
{
    public JsonObject Write(Tokens tokens)
    {
        // Reasoning that is told apart is missing in the completion and still part of the whole.
        var completion = spelling == UsageSpelling.ReasoningApart ? tokens.Completion - tokens.Reasoning : tokens.Completion;
        var usage = new JsonObject
        {
            ["prompt_tokens"] = tokens.Prompt, ["completion_tokens"] = completion, ["total_tokens"] = tokens.Prompt + tokens.Completion,
        };
        switch (spelling)
        {
            case UsageSpelling.Totals:
                break;

            case UsageSpelling.DeepSeek:
                usage["prompt_cache_hit_tokens"] = tokens.Cached;
                usage["prompt_cache_miss_tokens"] = tokens.Prompt - tokens.Cached;
                usage["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.Cached };
                usage["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = tokens.Reasoning };
                break;

            case UsageSpelling.Moonshot:
                usage["cached_tokens"] = tokens.Cached;
                break;

            case UsageSpelling.Groq or UsageSpelling.ReasoningApart:
                usage["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.Cached };
                usage["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = tokens.Reasoning };
                break;

            default:
                usage["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = tokens.Cached, ["cache_write_tokens"] = tokens.CacheWrite };
                usage["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = tokens.Reasoning };
                break;
        }

        if (tokens.Cost is { } cost)
            usage["cost"] = cost;
        return usage;
    }
}

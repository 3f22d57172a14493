using System.Text.Json.Nodes;
using MeaiRouter.Attempts;

namespace MeaiRouter.Gateway.Routes;

/// <summary>The <c>pipeline</c> of OpenRouter's metadata: what was done to the conversation and to the answer. What did nothing is not in it.</summary>
internal static class PipelineStages
{
    /// <param name="attempt">The attempt that answered, or failed last; <see langword="null"/> if there was none.</param>
    public static JsonArray Of(RouteAttempt? attempt)
    {
        var stages = new JsonArray();
        if (attempt?.ContextCut is { } cut)
        {
            var data = new JsonObject
            {
                ["engine"] = "middle-out",
                ["input_type"] = "messages",
                ["original_count"] = cut.MessagesBefore,
                ["compressed_count"] = cut.MessagesAfter,
            };
            var summary = $"about {cut.TokensBefore} tokens to {cut.TokensAfter}, texts shortened: {cut.ShortenedTexts}";
            stages.Add((JsonNode)Stage("context_compression", "context-compression", summary, data));
        }

        if (attempt is { IsMended: true })
            stages.Add((JsonNode)Stage("response_healing", "response-healing", "the answer was not the JSON that was asked for and was mended", new JsonObject()));
        return stages;
    }

    private static JsonObject Stage(string type, string name, string summary, JsonObject data) => new()
    {
        ["type"] = type,
        ["name"] = name,
        ["guardrail_id"] = null,
        ["guardrail_scope"] = null,
        ["summary"] = summary,
        ["cost_usd"] = null,
        ["data"] = data,
    };
}

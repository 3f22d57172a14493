using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>Reasoning that the caller does not want to see (<c>reasoning.exclude</c>, <see cref="ReasoningOutput.None"/>, or the older <c>include_reasoning: false</c>).</summary>
internal static class HiddenReasoning
{
    /// <summary>Whether a request asks for answers without reasoning.</summary>
    public static bool IsAskedFor(ChatOptions options) =>
        options.Reasoning?.Output == ReasoningOutput.None
        || Is(ExtraBody.Find(options, RequestParameters.IncludeReasoning), false)
        || (ExtraBody.Find(options, RequestParameters.Reasoning) is JsonObject reasoning && Is(reasoning["exclude"], true));

    /// <summary>What is left of a reasoning for the caller; <see langword="null"/> if nothing is.</summary>
    /// <remarks>What is encrypted stays: nobody but the provider can read it, and in a loop of tool calls it wants it back.</remarks>
    public static TextReasoningContent? WithoutText(TextReasoningContent reasoning)
    {
        if (string.IsNullOrEmpty(reasoning.ProtectedData))
            return null;
        if (reasoning.ProtectedData[0] == '[')
            return Encrypted(reasoning.ProtectedData) is { } details ? Copy(reasoning, details) : null;

        // A signature is good for the text that it was made for, and for no other.
        return reasoning.Text.Length == 0 ? reasoning : null;
    }

    // OpenRouter's reasoning_details, as MeaiRouter.OpenAI keeps them.
    private static string? Encrypted(string details)
    {
        try
        {
            if (JsonNode.Parse(details) is not JsonArray items)
                return null;
            for (var i = items.Count - 1; i >= 0; i--)
            {
                if (items[i] is not JsonObject item || item["text"] is not null || item["summary"] is not null)
                    items.RemoveAt(i);
            }

            return items.Count > 0 ? items.ToJsonString() : null;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            return null;
        }
    }

    private static TextReasoningContent Copy(TextReasoningContent reasoning, string details) => new("")
    {
        ProtectedData = details,
        AdditionalProperties = reasoning.AdditionalProperties,
    };

    private static bool Is(JsonNode? node, bool value) => node is JsonValue json && json.TryGetValue<bool>(out var flag) && flag == value;
}

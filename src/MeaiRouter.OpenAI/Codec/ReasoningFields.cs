using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>
/// Reasoning in its three spellings. It must go back as it came: DeepSeek refuses a tool loop without <c>reasoning_content</c>, and
/// signatures in <c>reasoning_details</c> are checked by the model that made them.
/// </summary>
/// <remarks>
/// Text is the content's text and its field stands in <see cref="RequestProperties.ReasoningField"/>; <c>reasoning_details</c> are the
/// content's <c>ProtectedData</c>, recognized by being a JSON array.
/// </remarks>
internal static class ReasoningFields
{
    public const string Reasoning = "reasoning";
    public const string ReasoningContent = "reasoning_content";

    /// <summary>The reasoning of a message with the field it came in; no field where the text is only found in the details.</summary>
    public static (string? Text, string? Field) Text(string? reasoning, string? reasoningContent, JsonElement? details)
    {
        if (!string.IsNullOrEmpty(reasoningContent))
            return (reasoningContent, ReasoningContent);
        if (!string.IsNullOrEmpty(reasoning))
            return (reasoning, Reasoning);
        return (DetailsText(details), null);
    }

    /// <summary>The reasoning of a whole message; <see langword="null"/> where there is none.</summary>
    public static TextReasoningContent? Read(string? reasoning, string? reasoningContent, JsonElement? details)
    {
        var (text, field) = Text(reasoning, reasoningContent, details);
        var protectedData = IsArray(details) && details!.Value.GetArrayLength() > 0 ? ReasoningDetailsAssembly.Joined(details.Value).GetRawText() : null;
        if (string.IsNullOrEmpty(text) && protectedData is null)
            return null;

        var content = Content(text ?? "", field);
        content.ProtectedData = protectedData;
        return content;
    }

    /// <summary>Reasoning text that remembers its field.</summary>
    public static TextReasoningContent Content(string text, string? field) => new(text)
    {
        AdditionalProperties = field is null ? null : new() { [RequestProperties.ReasoningField] = field },
    };

    /// <summary>Sends the reasoning among an assistant's contents back.</summary>
    public static void Write(IList<AIContent> contents, RequestMessage message, ReasoningSpelling spelling)
    {
        if (spelling == ReasoningSpelling.Omitted)
            return;

        var (text, field) = TextAndField(contents);
        switch (spelling)
        {
            case ReasoningSpelling.ReasoningContent:
                // A call without it is refused by who thinks; for calls of another model an empty one will do (https://github.com/MoonshotAI/kimi-cli/issues/2141).
                message.ReasoningContent = text ?? (message.ToolCalls is { Count: > 0 } ? "" : null);
                break;
            case ReasoningSpelling.AsItCame when field == ReasoningContent:
                message.ReasoningContent = text;
                break;
            case ReasoningSpelling.Reasoning:
            case ReasoningSpelling.AsItCame when field == Reasoning:
                message.Reasoning = text;
                break;
        }

        if (spelling == ReasoningSpelling.AsItCame)
            message.ReasoningDetails = Details(contents);
    }

    /// <summary>The details that all the contents hold; <see langword="null"/> where there are none.</summary>
    public static JsonElement? Details(IList<AIContent> contents)
    {
        JsonArray? details = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is not TextReasoningContent reasoning || Details(reasoning) is not { } items)
                continue;
            foreach (var item in items.EnumerateArray())
                (details ??= []).Add(JsonNode.Parse(item.GetRawText()));
        }

        return details is null ? null : JsonSerializer.SerializeToElement(details, WireJson.Strict.JsonArray);
    }

    /// <summary>The field that the reasoning came in.</summary>
    public static string? Field(TextReasoningContent reasoning) =>
        reasoning.AdditionalProperties is { } properties && properties.TryGetValue(RequestProperties.ReasoningField, out var field)
            ? field as string
            : null;

    // Text without a field is that of the details, or of another wire: it goes only to providers that insist on reasoning.
    private static (string? Text, string? Field) TextAndField(IList<AIContent> contents)
    {
        string? text = null;
        string? field = null;
        foreach (var reasoning in contents.OfType<TextReasoningContent>())
        {
            text += reasoning.Text;
            field ??= Field(reasoning);
        }

        return (string.IsNullOrEmpty(text) ? null : text, field);
    }

    private static JsonElement? Details(TextReasoningContent reasoning)
    {
        if (reasoning.ProtectedData is not { Length: > 0 } data || data[0] != '[')
            return null;

        try
        {
            return JsonElement.Parse(data) is { ValueKind: JsonValueKind.Array } details ? details : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The readable text in the details.</summary>
    public static string? DetailsText(JsonElement? details)
    {
        if (!IsArray(details))
            return null;

        string? text = null;
        foreach (var detail in details!.Value.EnumerateArray())
        {
            if (detail.ValueKind == JsonValueKind.Object
                && (detail.TryGetProperty("text", out var part) || detail.TryGetProperty("summary", out part))
                && part.ValueKind == JsonValueKind.String)
                text += part.GetString();
        }

        return text;
    }

    public static bool IsArray(JsonElement? details) => details is { ValueKind: JsonValueKind.Array };
}

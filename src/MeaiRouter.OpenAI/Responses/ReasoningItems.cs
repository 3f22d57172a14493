using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>
/// Reasoning that comes back. What <see cref="OpenReasoning"/> made of OpenRouter's <c>reasoning_details</c> becomes them again, with ids and
/// signatures, because their maker checks them; any other encrypted content stays the <c>ProtectedData</c> that it was.
/// </summary>
internal static class ReasoningItems
{
    /// <summary>The <c>format</c> of details that came without one: by it they are known as details when they come back.</summary>
    public const string UnknownFormat = "unknown";

    /// <summary>How the ids of items begin that the provider gave none.</summary>
    public const string OwnId = "rs_anon_";

    /// <summary>Reads an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="index">The place of the next detail among those of its message.</param>
    /// <returns>The reasoning; <see langword="null"/> where the item holds nothing.</returns>
    public static TextReasoningContent? Read(ResponseItem item, ref int index)
    {
        var parts = item.Content?.Parts ?? [];
        if (item.Format is not null || item.Signature is not null)
            return ReasoningFields.Read(null, null, Details(item, parts, ref index));

        var text = string.Concat((parts.Count > 0 ? parts : item.Summary ?? []).Select(static part => part?.Text));
        if (text.Length == 0 && string.IsNullOrEmpty(item.EncryptedContent))
            return null;
        if (!string.IsNullOrEmpty(item.EncryptedContent))
            return new TextReasoningContent(text) { ProtectedData = item.EncryptedContent };
        return ReasoningFields.Content(text, ReasoningFields.Reasoning);
    }

    private static JsonElement Details(ResponseItem item, IList<ResponsePart> parts, ref int index)
    {
        var details = new JsonArray();
        foreach (var part in item.Summary ?? [])
            details.Add((JsonNode)Detail(item, "reasoning.summary", "summary", part?.Text ?? "", index++));
        for (var i = 0; i < parts.Count; i++)
        {
            var detail = Detail(item, "reasoning.text", "text", parts[i]?.Text ?? "", index++);
            if (i == parts.Count - 1 && item.Signature is { } signature)
                detail["signature"] = signature;
            details.Add((JsonNode)detail);
        }

        if (parts.Count == 0 && item.Signature is { } alone)
        {
            var detail = Detail(item, "reasoning.text", "text", "", index++);
            detail["signature"] = alone;
            details.Add((JsonNode)detail);
        }

        if (!string.IsNullOrEmpty(item.EncryptedContent))
            details.Add((JsonNode)Detail(item, "reasoning.encrypted", "data", item.EncryptedContent, index++));
        return JsonSerializer.SerializeToElement(details, WireJson.Strict.JsonArray);
    }

    private static JsonObject Detail(ResponseItem item, string type, string field, string value, int index)
    {
        var detail = new JsonObject { ["type"] = type, [field] = value };
        if (item.Id is { Length: > 0 } id && !id.StartsWith(OwnId, StringComparison.Ordinal))
            detail["id"] = id;
        if (item.Format is { } format && format != UnknownFormat)
            detail["format"] = format;
        detail["index"] = index;
        return detail;
    }
}

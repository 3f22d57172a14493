using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>
/// Takes signed and encrypted reasoning out of a conversation that another provider continues: only who made it can read it, and others
/// refuse it. What can be read stays.
/// </summary>
/// <remarks>
/// Who made it says <see cref="AnswerProperties.ReasoningOrigin"/>. Where that is lost, as over HTTP, the <c>format</c> of the
/// <c>reasoning_details</c> names the family, and they are kept unless the dialect says that its own are others.
/// </remarks>
internal static class ForeignReasoning
{
    // The family of what Gemini writes beside a tool call on OpenAI's wire: extra_content.google.thought_signature.
    private const string Gemini = "google-gemini-v1";
    private const string UnknownFormat = "unknown";

    /// <summary>Whether something of the call is to be removed.</summary>
    public static bool IsForeign(FunctionCallContent call, in Destination destination) =>
        CallSignatures.IsSigned(call) && !Takes(Gemini, IsMadeByAnother(call, destination), destination);

    /// <summary>Whether something of the reasoning is to be removed.</summary>
    public static bool IsForeign(TextReasoningContent reasoning, in Destination destination)
    {
        if (string.IsNullOrEmpty(reasoning.ProtectedData))
            return false;

        var byAnother = IsMadeByAnother(reasoning, destination);
        if (byAnother == false || (byAnother is null && destination.Dialect.Reasoning.OwnFormats is null))
            return false;
        if (Details(reasoning) is not { } details)
            return byAnother == true;

        foreach (var item in details)
        {
            if (IsForeign(item, byAnother, destination))
                return true;
        }

        return false;
    }

    public static void Remove(Draft draft, in Destination destination)
    {
        for (var i = draft.Count - 1; i >= 0; i--)
        {
            for (var j = draft[i].Contents.Count - 1; j >= 0; j--)
            {
                if (draft[i].Contents[j] is TextReasoningContent reasoning && IsForeign(reasoning, destination))
                {
                    Replace(draft.Edit(i).Contents, j, Readable(reasoning, destination));
                    destination.Notes.Add("Signed or encrypted reasoning of another provider was left out.");
                }
                else if (draft[i].Contents[j] is FunctionCallContent call && IsForeign(call, destination))
                {
                    draft.Edit(i).Contents[j] = CallSignatures.Unsigned(call);
                    destination.Notes.Add("Signatures of another provider on tool calls were left out.");
                }
            }

            if (draft[i].Contents.Count == 0 && !Draft.IsOpaque(draft[i]) && draft.IsCopy(i))
                draft.RemoveAt(i);
        }
    }

    private static void Replace(IList<AIContent> contents, int index, TextReasoningContent? readable)
    {
        if (readable is null)
            contents.RemoveAt(index);
        else
            contents[index] = readable;
    }

    /// <summary>What is left of the reasoning; <see langword="null"/> if nothing is.</summary>
    private static TextReasoningContent? Readable(TextReasoningContent reasoning, in Destination destination)
    {
        var text = reasoning.Text;
        string? left = null;
        if (Details(reasoning) is { } details)
        {
            var byAnother = IsMadeByAnother(reasoning, destination);
            var kept = new JsonArray();
            var removed = "";
            foreach (var item in details)
            {
                if (IsForeign(item, byAnother, destination))
                    removed += String(item, "text") ?? String(item, "summary");
                else
                    kept.Add(item?.DeepClone());
            }

            left = kept.Count > 0 ? kept.ToJsonString() : null;
            text = text.Length > 0 ? text : removed;
        }

        return text.Length == 0 && left is null
            ? null
            : new TextReasoningContent(text) { ProtectedData = left, Annotations = reasoning.Annotations, AdditionalProperties = reasoning.AdditionalProperties };
    }

    private static bool? IsMadeByAnother(AIContent content, in Destination destination) =>
        destination.Provider is { } provider
        && content.AdditionalProperties is { } properties && properties.TryGetValue(AnswerProperties.ReasoningOrigin, out var origin) && origin?.ToString() is { } maker
            ? !string.Equals(maker, provider, StringComparison.OrdinalIgnoreCase)
            : null;

    private static bool IsForeign(JsonNode? item, bool? byAnother, in Destination destination) =>
        item is JsonObject detail
        && (detail["signature"] is not null || detail["data"] is not null)
        && !Takes(String(detail, "format"), byAnother, destination);

    // Without a known origin and format there is nothing to go by, and it may well be the provider's own.
    private static bool Takes(string? format, bool? byAnother, in Destination destination)
    {
        var rules = destination.Dialect.Reasoning;
        if (byAnother == false || (format is not null && rules.ForeignFormats.Contains(format, StringComparer.OrdinalIgnoreCase)))
            return true;
        return byAnother is null
            && (rules.OwnFormats is not { } own || format is null or UnknownFormat || own.Contains(format, StringComparer.OrdinalIgnoreCase));
    }

    private static string? String(JsonNode? item, string name) =>
        item is JsonObject detail && detail[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The items of <c>reasoning_details</c>; <see langword="null"/> for data in any other form.</summary>
    private static JsonArray? Details(TextReasoningContent reasoning)
    {
        if (reasoning.ProtectedData is not ['[', ..] data)
            return null;

        try
        {
            return JsonNode.Parse(data) as JsonArray;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

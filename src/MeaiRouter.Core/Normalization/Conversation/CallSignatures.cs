using System.Text.Json.Nodes;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Signatures of tool calls, for endpoints that want one even on calls that another model made.</summary>
/// <remarks>
/// Gemini 3 wants it in the current turn only. It stands on the calls of earlier turns as well: a message that changes when its turn is over
/// would lose the provider's prompt cache.
/// </remarks>
internal static class CallSignatures
{
    // The place of Gemini's, which is the only one that is checked: https://ai.google.dev/gemini-api/docs/thought-signatures
    private const string ExtraContent = "extra_content";
    private const string Family = "google";
    private const string Signature = "thought_signature";

    /// <summary>Whether a tool call carries a signature of its provider's.</summary>
    public static bool IsSigned(FunctionCallContent call) => ExtraBody.Has(call.AdditionalProperties, ExtraContent);

    /// <summary>The call without its signature.</summary>
    public static FunctionCallContent Unsigned(FunctionCallContent call) => With(call, null);

    /// <summary>Whether the message calls tools, and its first call, which stands for them all, lacks the signature that is wanted.</summary>
    public static bool IsMissing(ChatMessage message, Dialect dialect) =>
        dialect.Tools.SignatureStandIn is not null && FirstCall(message) is var first and >= 0 && !IsComplete((FunctionCallContent)message.Contents[first]);

    /// <summary>Writes the stand-in where a signature is missing.</summary>
    public static void StandIn(Draft draft, in Destination destination)
    {
        for (var i = 0; i < draft.Count; i++)
        {
            if (!IsMissing(draft[i], destination.Dialect))
                continue;

            var contents = draft.Edit(i).Contents;
            var first = FirstCall(draft[i]);
            var call = (FunctionCallContent)contents[first];
            contents[first] = With(call, Signed(call, destination.Dialect.Tools.SignatureStandIn!));
            destination.Notes.Add("Tool calls without a signature, which the endpoint wants, were given the stand-in for calls of other models.");
        }
    }

    private static int FirstCall(ChatMessage message)
    {
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i] is FunctionCallContent)
                return i;
        }

        return -1;
    }

    private static bool IsComplete(FunctionCallContent call) =>
        IsSigned(call) && ExtraBody.Get(call.AdditionalProperties, ExtraContent) is JsonObject extra
        && extra[Family] is JsonObject family && family[Signature] is not null;

    private static JsonObject Signed(FunctionCallContent call, string signature)
    {
        var extra = ExtraBody.Get(call.AdditionalProperties, ExtraContent) as JsonObject ?? [];
        if (extra[Family] is not JsonObject family)
            extra[Family] = family = [];
        family[Signature] = signature;
        return extra;
    }

    private static FunctionCallContent With(FunctionCallContent call, JsonNode? extra)
    {
        var changed = CallIds.WithId(call, call.CallId);
        changed.AdditionalProperties = ExtraBody.With(call.AdditionalProperties, ExtraContent, extra);
        return changed;
    }
}

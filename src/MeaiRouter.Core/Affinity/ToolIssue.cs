using System.Text.Json;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Affinity;

/// <summary>Who called a tool, written on the message that holds the call: a history that is kept elsewhere keeps it.</summary>
internal static class ToolIssue
{
    /// <summary>Signs the messages of an answer that call tools.</summary>
    public static void Sign(ChatResponse response, RouteAttempt attempt)
    {
        for (var i = 0; i < response.Messages.Count; i++)
        {
            var message = response.Messages[i];
            if (CallsTool(message.Contents))
                message.AdditionalProperties = Signed(message.AdditionalProperties, attempt);
        }
    }

    /// <summary>The update, signed. A clone: its client may hand the same one out again.</summary>
    public static ChatResponseUpdate Signed(ChatResponseUpdate update, RouteAttempt attempt)
    {
        var signed = update.Clone();
        signed.AdditionalProperties = Signed(update.AdditionalProperties, attempt);
        return signed;
    }

    public static bool CallsTool(IList<AIContent> contents)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is FunctionCallContent)
                return true;
        }

        return false;
    }

    /// <summary>The endpoint that signed the message with a call; <see langword="null"/> if nobody did.</summary>
    public static EndpointName? IssuerOf(IReadOnlyList<ChatMessage> messages, string callId)
    {
        // From the end: some providers' ids are unique within one answer only.
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            var message = messages[i];
            if (message.AdditionalProperties is { } properties && properties.TryGetValue(AnswerProperties.IssuedBy, out var issuer) && Holds(message, callId))
                return EndpointName.Parse(issuer as string ?? (issuer is JsonElement { ValueKind: JsonValueKind.String } json ? json.GetString() : null));
        }

        return null;
    }

    private static bool Holds(ChatMessage message, string callId)
    {
        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i] is FunctionCallContent call && call.CallId == callId)
                return true;
        }

        return false;
    }

    private static AdditionalPropertiesDictionary Signed(AdditionalPropertiesDictionary? properties, RouteAttempt attempt) => new(properties ?? [])
    {
        [AnswerProperties.IssuedBy] = EndpointName.Of(attempt.Model!, attempt.Endpoint!).ToString(),
    };
}

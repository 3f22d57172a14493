using System.Text.Json;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>From a whole answer to a <see cref="ChatResponse"/>.</summary>
internal static class AnswerReader
{
    public static ChatResponse Read(JsonElement message)
    {
        var contents = new List<AIContent>();
        foreach (var block in message.Items("content"))
        {
            if (BlockReader.Read(block) is { } content)
                contents.Add(content);
        }

        var native = message.Text("stop_reason");
        var id = message.Text("id");
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, contents) { MessageId = id })
        {
            ResponseId = id,
            ModelId = message.Text("model"),
            FinishReason = StopReasons.Read(native),
            Usage = message.Object("usage") is { } usage ? UsageMapping.Read(usage) : null,
        };

        if (Facts(native, message.Text("stop_sequence"), message.Object("usage")) is { } facts)
            response.AdditionalProperties = facts;
        return response;
    }

    /// <summary>What Microsoft.Extensions.AI has no property for, on the response or on the update that ends a stream.</summary>
    public static AdditionalPropertiesDictionary? Facts(string? stopReason, string? stopSequence, JsonElement? usage)
    {
        AdditionalPropertiesDictionary? facts = null;
        if (!string.IsNullOrEmpty(stopReason))
            (facts ??= [])[AnswerProperties.NativeFinishReason] = stopReason;
        if (stopSequence is not null)
            (facts ??= [])[ContentProperties.StopSequence] = stopSequence;
        if (usage?.Text("service_tier") is { } tier)
            (facts ??= [])[AnswerProperties.ServiceTier] = tier == "standard" ? "default" : tier;
        return facts;
    }
}

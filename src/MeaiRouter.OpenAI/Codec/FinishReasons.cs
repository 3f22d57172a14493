using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Finish reasons of the wire and of Microsoft.Extensions.AI.</summary>
internal static class FinishReasons
{
    /// <summary>OpenRouter's word for an answer that broke off.</summary>
    public const string Error = "error";

    /// <summary>The reason for a word of the wire; <see langword="null"/> for none, the word itself where it is unknown.</summary>
    public static ChatFinishReason? Read(string? native) => native switch
    {
        null or "" => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(native),
    };

    /// <summary>The reason in the provider's own words, where it was kept, and otherwise the normalized one.</summary>
    public static string? Native(ChatFinishReason? reason, AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(AnswerProperties.NativeFinishReason, out var native) && native is string word
            ? word
            : reason?.Value;
}

using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Anthropic.Messages;

/// <summary>Why an answer ended, in Anthropic's words and in those of Microsoft.Extensions.AI.</summary>
internal static class StopReasons
{
    public const string StopSequence = "stop_sequence";

    /// <summary>The finish reason; <see langword="null"/> for none, the word itself where it is unknown.</summary>
    public static ChatFinishReason? Read(string? native) => native switch
    {
        null or "" => null,
        "end_turn" or StopSequence or "pause_turn" => ChatFinishReason.Stop,
        "max_tokens" or "model_context_window_exceeded" => ChatFinishReason.Length,
        "tool_use" => ChatFinishReason.ToolCalls,
        "refusal" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(native),
    };

    /// <summary>Anthropic's word: the provider's own where it was one, and otherwise the one that means the same.</summary>
    public static string? Write(ChatFinishReason? reason, AdditionalPropertiesDictionary? properties)
    {
        if (reason is not { } given)
            return null;
        if (properties is not null && properties.TryGetValue(AnswerProperties.NativeFinishReason, out var value) && value is string native
            && Read(native) == given && native != given.Value)
            return native;
        if (given == ChatFinishReason.Length)
            return "max_tokens";
        if (given == ChatFinishReason.ToolCalls)
            return "tool_use";
        return given == ChatFinishReason.ContentFilter ? "refusal" : "end_turn";
    }
}

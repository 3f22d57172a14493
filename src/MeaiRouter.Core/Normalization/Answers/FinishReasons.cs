using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Answers;

/// <summary>The finish reasons of all providers in the four words callers know, and those that are failures in truth.</summary>
internal static class FinishReasons
{
    private static readonly FrozenDictionary<string, ChatFinishReason> Known = new Dictionary<string, ChatFinishReason>(StringComparer.OrdinalIgnoreCase)
    {
        ["stop"] = ChatFinishReason.Stop,
        ["end_turn"] = ChatFinishReason.Stop,
        ["stop_sequence"] = ChatFinishReason.Stop,
        ["eos"] = ChatFinishReason.Stop,
        ["eos_token"] = ChatFinishReason.Stop,
        ["complete"] = ChatFinishReason.Stop,
        ["completed"] = ChatFinishReason.Stop,
        ["length"] = ChatFinishReason.Length,
        ["max_tokens"] = ChatFinishReason.Length,
        ["max_output_tokens"] = ChatFinishReason.Length,
        ["model_length"] = ChatFinishReason.Length,
        ["model_context_window_exceeded"] = ChatFinishReason.Length,
        ["tool_calls"] = ChatFinishReason.ToolCalls,
        ["tool_call"] = ChatFinishReason.ToolCalls,
        ["tool_use"] = ChatFinishReason.ToolCalls,
        ["function_call"] = ChatFinishReason.ToolCalls,
        ["content_filter"] = ChatFinishReason.ContentFilter,
        ["content_filtered"] = ChatFinishReason.ContentFilter,
        ["refusal"] = ChatFinishReason.ContentFilter,
        ["safety"] = ChatFinishReason.ContentFilter,
        ["recitation"] = ChatFinishReason.ContentFilter,
        ["blocklist"] = ChatFinishReason.ContentFilter,
        ["prohibited_content"] = ChatFinishReason.ContentFilter,
        ["sensitive"] = ChatFinishReason.ContentFilter,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, FailureKind> Failures = new Dictionary<string, FailureKind>(StringComparer.OrdinalIgnoreCase)
    {
        ["error"] = FailureKind.ServerError,
        ["insufficient_system_resource"] = FailureKind.Overloaded, // DeepSeek: inference interrupted for lack of resources.
        ["network_error"] = FailureKind.ServerError,               // Z.ai
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The normalized reason; <see langword="null"/> where the provider gave none.</summary>
    /// <exception cref="RouterException">The reason is a failure.</exception>
    public static ChatFinishReason? Normalize(ChatFinishReason? reason, bool hasToolCalls, Dialect dialect, RouteNotes notes)
    {
        if (reason is not { } given || given.Value.Length == 0)
            return null;
        if (Failures.TryGetValue(given.Value, out var kind))
            throw new RouterException(kind, $"The provider ended the answer with '{given.Value}'.") { ProviderCode = given.Value };

        var normalized = Lookup(given.Value, dialect);
        if (normalized is null)
        {
            notes.Add($"The finish reason '{given.Value}' is unknown and is taken for 'stop'.");
            normalized = ChatFinishReason.Stop;
        }

        return Correct(normalized.Value, hasToolCalls);
    }

    /// <summary>The reason that fits the answer: compatible providers say 'stop' with tool calls, or 'tool_calls' without any.</summary>
    public static ChatFinishReason Correct(ChatFinishReason reason, bool hasToolCalls)
    {
        if (hasToolCalls && reason == ChatFinishReason.Stop)
            return ChatFinishReason.ToolCalls;
        if (!hasToolCalls && reason == ChatFinishReason.ToolCalls)
            return ChatFinishReason.Stop;
        return reason;
    }

    /// <summary>Whether the provider says that the answer was cut by its length.</summary>
    public static bool IsLength(ChatFinishReason? reason, Dialect dialect) =>
        reason is { Value.Length: > 0 } given && Lookup(given.Value, dialect) == ChatFinishReason.Length;

    /// <summary>Whether two reasons are the same word; their own equality ignores case.</summary>
    public static bool AreSame(ChatFinishReason? left, ChatFinishReason? right) =>
        string.Equals(left?.Value, right?.Value, StringComparison.Ordinal);

    private static ChatFinishReason? Lookup(string native, Dialect dialect)
    {
        if (dialect.Answers.FinishReasons.TryGetValue(native, out var declared))
            return new ChatFinishReason(declared);
        return Known.TryGetValue(native, out var known) ? known : null;
    }
}

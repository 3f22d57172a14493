using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing;

/// <summary>A call that a <see cref="ScriptedChatClient"/> received.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Options">A clone of the options; <see langword="null"/> if there were none.</param>
/// <param name="IsStreamed">Whether a stream was asked for.</param>
public sealed record ScriptedCall(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options, bool IsStreamed);

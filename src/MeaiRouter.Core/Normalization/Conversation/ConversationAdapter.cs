using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Writes a conversation so that an endpoint with a given dialect takes it, or says why it cannot be done.</summary>
/// <remarks>The caller's messages are never changed. Every change is noted, and what was adapted once is fine: adapting it again changes nothing.</remarks>
internal static class ConversationAdapter
{
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options, replaced where instructions, tools or marks in them have to change.</param>
    /// <param name="destination">For whom.</param>
    /// <returns>The same list if nothing needs to change.</returns>
    /// <exception cref="RouterException">The endpoint cannot be given the conversation (<see cref="FailureKind.Unsupported"/>).</exception>
    public static IReadOnlyList<ChatMessage> Adapt(IReadOnlyList<ChatMessage> messages, ref ChatOptions options, in Destination destination)
    {
        if (ConversationCheck.IsFine(messages, options, destination))
            return messages;

        // Each step relies on those before it: results are in place before what else they hold is moved, and everybody has the role he will
        // have before turns are taken. Marks come last, because they stand on what is really sent.
        var draft = new Draft(messages);
        ForeignReasoning.Remove(draft, destination);
        ToolExchanges.Repair(draft, destination);
        CallSignatures.StandIn(draft, destination);
        MediaForms.Apply(draft, destination);
        ResultMedia.Move(draft, destination);
        EmptyContent.Remove(draft, destination);
        SystemMessages.Place(draft, ref options, destination);
        AuthorNames.Remove(draft, destination);
        Turns.Order(draft, destination);
        CacheBreakpoints.Place(draft, ref options, destination);
        Turns.Prefill(draft, destination);
        return draft.Messages;
    }
}

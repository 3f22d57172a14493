using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Affinity;

/// <summary>One request of a conversation: knows where it belongs, and remembers who answered it.</summary>
internal sealed class ConversationTurn(AffinityTable table, ConversationKey conversation, EndpointName? issuer) : IAttemptObserver
{
    /// <summary>The endpoint that issued the tool call whose result the request brings; <see langword="null"/> if it brings none.</summary>
    public EndpointName? Issuer => issuer;

    public static ConversationTurn Of(AffinityTable table, IReadOnlyList<ChatMessage> messages, ChatOptions options, string? sessionId, string? caller)
    {
        var conversation = ConversationKey.Of(messages, options, sessionId, caller);
        return new ConversationTurn(table, conversation, FindIssuer(table, conversation, messages));
    }

    /// <summary>Where the conversation with a model is at home; <see langword="null"/> if nowhere.</summary>
    public Pin? FindPin(Model model) => table.FindPin(conversation, model);

    void IAttemptObserver.Begin()
    {
    }

    void IAttemptObserver.End(RouteAttempt attempt)
    {
        if (attempt.Endpoint is null)
            return;

        // A caller who stops reading once he has the calls comes back with their results all the same.
        if (attempt.ToolCallIds is { } callIds && attempt.Outcome is AttemptOutcome.Answered or AttemptOutcome.Cancelled)
            table.LearnCalls(conversation, attempt, callIds);
        if (attempt.Outcome == AttemptOutcome.Answered)
            table.LearnAnswer(conversation, attempt);
    }

    private static EndpointName? FindIssuer(AffinityTable table, in ConversationKey conversation, IReadOnlyList<ChatMessage> messages)
    {
        if (messages is not [.., var last])
            return null;

        for (var i = 0; i < last.Contents.Count; i++)
        {
            if (last.Contents[i] is FunctionResultContent result
                && (table.FindIssuer(conversation, result.CallId) ?? ToolIssue.IssuerOf(messages, result.CallId)) is { } issuer)
                return issuer;
        }

        return null;
    }
}

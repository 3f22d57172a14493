using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Messages and texts that say nothing, which some endpoints refuse.</summary>
internal static class EmptyContent
{
    private const string Placeholder = "(no words)";

    /// <summary>Whether the message, or a text in it, says nothing.</summary>
    public static bool IsIn(ChatMessage message)
    {
        if (IsEmpty(message))
            return true;

        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (IsEmpty(message.Contents[i]))
                return true;
        }

        return false;
    }

    /// <summary>Whether nothing in the message is sent.</summary>
    public static bool IsEmpty(ChatMessage message)
    {
        if (Draft.IsOpaque(message))
            return false;

        for (var i = 0; i < message.Contents.Count; i++)
        {
            if (message.Contents[i] is not UsageContent && !IsEmpty(message.Contents[i]))
                return false;
        }

        return true;
    }

    public static void Remove(Draft draft, in Destination destination)
    {
        if (destination.Dialect.Messages.TakesEmptyContent)
            return;

        for (var i = draft.Count - 1; i >= 0; i--)
        {
            if (!IsIn(draft[i]))
                continue;

            destination.Notes.Add("Messages and texts that say nothing were left out.");
            if (!IsEmpty(draft[i]))
            {
                var contents = draft.Edit(i).Contents;
                for (var j = contents.Count - 1; j >= 0; j--)
                {
                    if (IsEmpty(contents[j]))
                        contents.RemoveAt(j);
                }
            }
            else if (!IsOnlyOne(draft, i))
            {
                draft.RemoveAt(i);
            }
            else
            {
                // A request needs something to answer.
                var message = draft.Edit(i);
                (message.Role, message.Contents) = (ChatRole.User, [new TextContent(Placeholder)]);
            }
        }
    }

    private static bool IsEmpty(AIContent content) => content switch
    {
        TextContent text => string.IsNullOrWhiteSpace(text.Text),
        TextReasoningContent reasoning => string.IsNullOrWhiteSpace(reasoning.Text) && string.IsNullOrEmpty(reasoning.ProtectedData),
        _ => false,
    };

    private static bool IsOnlyOne(Draft draft, int index)
    {
        if (Draft.IsSystem(draft[index]))
            return false;

        for (var i = 0; i < draft.Count; i++)
        {
            if (i != index && !Draft.IsSystem(draft[i]))
                return false;
        }

        return true;
    }
}

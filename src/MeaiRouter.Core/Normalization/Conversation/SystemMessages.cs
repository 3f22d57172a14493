using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Puts what the system says where the endpoint takes it.</summary>
/// <remarks>
/// A message of the system in the middle of a conversation speaks of what is the case from there on. Moved to the front it would be read as
/// if it had always been so, and the provider's prompt cache would be lost at every new one. So it stays where it is, in the user's
/// message and marked as the system's.
/// </remarks>
internal static class SystemMessages
{
    public static void Place(Draft draft, ref ChatOptions options, in Destination destination)
    {
        var rules = destination.Dialect.Messages;
        if (!rules.TakesDeveloper)
            RenameDevelopers(draft, destination);
        if (rules.System == SystemPlacement.Anywhere)
            return;

        var leading = 0;
        while (leading < draft.Count && Draft.IsSystem(draft[leading]))
            leading++;
        Enclose(draft, leading, destination);
        if (HoldsOpaque(draft, leading))
            return;
        if (rules.System == SystemPlacement.OneLeading)
            Unite(draft, leading, ref options, destination);
        else if (rules.System == SystemPlacement.Nowhere)
            MoveToUser(draft, leading, ref options, destination);
    }

    private static bool HoldsOpaque(Draft draft, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (Draft.IsOpaque(draft[i]))
                return true;
        }

        return false;
    }

    private static void RenameDevelopers(Draft draft, in Destination destination)
    {
        for (var i = 0; i < draft.Count; i++)
        {
            if (!Draft.IsDeveloper(draft[i]) || Draft.IsOpaque(draft[i]))
                continue;
            draft.Edit(i).Role = ChatRole.System;
            destination.Notes.Add("Messages of the role developer were sent as the system's.");
        }
    }

    private static void Enclose(Draft draft, int leading, in Destination destination)
    {
        for (var i = leading; i < draft.Count; i++)
        {
            if (!Draft.IsSystem(draft[i]) || Draft.IsOpaque(draft[i]))
                continue;

            var message = draft.Edit(i);
            message.Role = ChatRole.User;
            message.AuthorName = null;
            message.Contents = Enclosed(message.Contents);
            destination.Notes.Add("Messages of the system in the middle of the conversation were sent as the user's, in <system> tags.");
        }
    }

    private static List<AIContent> Enclosed(IList<AIContent> contents) => contents is [TextContent text]
        ? [ContentCopies.WithText(text, $"<system>\n{text.Text}\n</system>")]
        : [new TextContent("<system>"), .. contents, new TextContent("</system>")];

    private static void Unite(Draft draft, int leading, ref ChatOptions options, in Destination destination)
    {
        var hasInstructions = !string.IsNullOrWhiteSpace(options.Instructions);
        if (leading == 0 || (leading == 1 && !hasInstructions))
            return;

        var united = Collect(draft, leading, ref options);
        draft.Edit(0).Contents = united;
        for (var i = leading - 1; i > 0; i--)
            draft.RemoveAt(i);
        destination.Notes.Add("Messages of the system were sent as one.");
    }

    private static void MoveToUser(Draft draft, int leading, ref ChatOptions options, in Destination destination)
    {
        if (leading == 0 && string.IsNullOrWhiteSpace(options.Instructions))
            return;

        var words = Collect(draft, leading, ref options);
        for (var i = leading - 1; i >= 0; i--)
            draft.RemoveAt(i);

        if (draft.Count > 0 && draft[0].Role == ChatRole.User && !Draft.IsOpaque(draft[0]))
        {
            var first = draft.Edit(0);
            ContentCopies.Append(words, first.Contents);
            first.Contents = words;
        }
        else
        {
            draft.Insert(0, new ChatMessage(ChatRole.User, words));
        }

        destination.Notes.Add("What the system says was put before the words of the first user: the endpoint knows no such role.");
    }

    /// <summary>The instructions, which are taken out of the options, and the contents of the first messages.</summary>
    private static List<AIContent> Collect(Draft draft, int count, ref ChatOptions options)
    {
        List<AIContent> all = [];
        if (!string.IsNullOrWhiteSpace(options.Instructions))
        {
            all.Add(new TextContent(options.Instructions));
            options = RouteContext.Copy(options);
            options.Instructions = null;
        }

        for (var i = 0; i < count; i++)
            ContentCopies.Append(all, draft[i].Contents);
        return all;
    }
}

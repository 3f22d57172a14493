using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Names of authors where the endpoint takes none.</summary>
internal static class AuthorNames
{
    /// <summary>Takes the names off; where people talk, who says what goes into the words.</summary>
    public static void Remove(Draft draft, in Destination destination)
    {
        if (destination.Dialect.Messages.TakesAuthorNames)
            return;

        for (var i = 0; i < draft.Count; i++)
        {
            if (draft[i].AuthorName is null)
                continue;
            PutIntoWords(draft.Edit(i));
            destination.Notes.Add("Names of authors were left out; those of users stand before their words.");
        }
    }

    /// <summary>Puts the name of a user before his words. A model that reads names before its own words begins to write them.</summary>
    public static void PutIntoWords(ChatMessage message)
    {
        if (message.Role == ChatRole.User && !string.IsNullOrWhiteSpace(message.AuthorName))
        {
            if (message.Contents is [TextContent text, ..])
                message.Contents[0] = ContentCopies.WithText(text, $"{message.AuthorName}: {text.Text}");
            else
                message.Contents.Insert(0, new TextContent($"{message.AuthorName}:"));
        }

        message.AuthorName = null;
    }
}

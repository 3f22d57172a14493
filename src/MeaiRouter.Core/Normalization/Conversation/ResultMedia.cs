using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Moves images and files out of the results of tools into a message of the user, where the endpoint takes only text as a result.</summary>
internal static class ResultMedia
{
    private const string Reference = "(What else the tool returned follows in the user's message.)";

    public static void Move(Draft draft, in Destination destination)
    {
        if (destination.Dialect.Tools.TakesMediaInResults)
            return;

        Dictionary<string, string> names = new(StringComparer.Ordinal);
        List<AIContent>? moved = null;
        for (var i = 0; i <= draft.Count; i++)
        {
            // They follow all results of the same turn: nothing may stand between those.
            if (moved is not null && (i == draft.Count || draft[i].Role != ChatRole.Tool))
            {
                draft.Insert(i++, new ChatMessage(ChatRole.User, moved));
                destination.Notes.Add("Media in the results of tools were sent in a message of the user that follows.");
                moved = null;
            }

            for (var j = 0; i < draft.Count && j < draft[i].Contents.Count; j++)
            {
                var content = draft[i].Contents[j];
                if (content is FunctionCallContent call)
                    names[call.CallId] = call.Name;
                else if (content is FunctionResultContent result && ToolResults.HoldsMedia(result))
                    Move(draft.Edit(i).Contents, j, result, names.GetValueOrDefault(result.CallId, result.CallId), moved ??= []);
            }
        }
    }

    private static void Move(IList<AIContent> contents, int index, FunctionResultContent result, string name, List<AIContent> moved)
    {
        List<AIContent> kept = [];
        moved.Add(new TextContent($"The tool {name} returned:"));
        foreach (var part in ToolResults.Contents(result))
            (Medium.Of(part) is null ? kept : moved).Add(part);

        kept.Add(new TextContent(Reference));
        contents[index] = ContentCopies.WithResult(result, result.CallId, kept.Count == 1 ? Reference : kept);
    }
}

using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Who may speak first, after whom, and last.</summary>
internal static class Turns
{
    private const string Prefix = "prefix";

    // Words in the mouth of others say no more than is the case.
    private const string Opening = "(The user has not spoken yet.)";
    private const string Acknowledgement = "I have the results.";

    public static void Order(Draft draft, in Destination destination)
    {
        var rules = destination.Dialect.Messages;
        if (!rules.UserMayFollowToolResult)
            SeparateFromResults(draft, destination);
        if (rules.MustBeginWithUser)
            BeginWithUser(draft, destination);
        if (rules.MustAlternate)
            Alternate(draft, destination);
    }

    /// <summary>Says of a last message of the assistant's that it is to be continued.</summary>
    /// <exception cref="RouterException">The endpoint refuses such a message (<see cref="FailureKind.Unsupported"/>).</exception>
    public static void Prefill(Draft draft, in Destination destination)
    {
        var rules = destination.Dialect.Messages;
        var form = rules.Prefill;
        if ((form == PrefillForm.AsItIs && rules.PrefillMayEndInSpace) || draft.Count == 0 || draft[draft.Count - 1] is not { } last || last.Role != ChatRole.Assistant)
            return;

        if (form == PrefillForm.Refused)
        {
            throw destination.Unsupported(
                $"takes no last message of the assistant's, and messages[{draft.Count - 1}] is one. End with the user's words, or choose an endpoint that continues answers.");
        }

        if (!rules.PrefillMayEndInSpace)
            CutSpace(draft, destination);
        if (form != PrefillForm.Marked || Draft.IsOpaque(last) || ExtraBody.Has(last.AdditionalProperties, Prefix))
            return;

        var message = draft.Edit(draft.Count - 1);
        message.AdditionalProperties = ExtraBody.With(message.AdditionalProperties, Prefix, JsonValue.Create(true));
        destination.Notes.Add("The last message, which is the assistant's, was marked as one to be continued.");
    }

    private static void CutSpace(Draft draft, in Destination destination)
    {
        var last = draft.Count - 1;
        if (draft[last].Contents is not [.., TextContent text] || text.Text.Length == 0 || !char.IsWhiteSpace(text.Text[^1]))
            return;

        draft.Edit(last).Contents[^1] = ContentCopies.WithText(text, text.Text.TrimEnd());
        destination.Notes.Add("White space at the end of the last message, which is the assistant's, was cut off.");
    }

    private static void SeparateFromResults(Draft draft, in Destination destination)
    {
        for (var i = draft.Count - 1; i > 0; i--)
        {
            if (draft[i].Role != ChatRole.User || draft[SpeakerBefore(draft, i)].Role != ChatRole.Tool)
                continue;
            draft.Insert(i, new ChatMessage(ChatRole.Assistant, Acknowledgement));
            destination.Notes.Add("Between the results of tools and the user's words the assistant was made to acknowledge them.");
        }
    }

    private static void BeginWithUser(Draft draft, in Destination destination)
    {
        var first = 0;
        while (first < draft.Count && Draft.IsSystem(draft[first]))
            first++;
        if (first < draft.Count && draft[first].Role == ChatRole.User)
            return;

        draft.Insert(first, new ChatMessage(ChatRole.User, Opening));
        destination.Notes.Add("A message of the user was put at the beginning, because the conversation has none there.");
    }

    private static void Alternate(Draft draft, in Destination destination)
    {
        for (var i = draft.Count - 1; i > 0; i--)
        {
            var before = SpeakerBefore(draft, i);
            if (!AreOfOneSpeaker(draft[before], draft[i]))
                continue;

            // In the later place: results of tools may follow there.
            var merged = draft.Edit(before);
            Merge(merged, draft.Edit(i));
            draft.RemoveAt(i);
            draft.RemoveAt(before);
            draft.Insert(i - 1, merged);
            destination.Notes.Add("Messages of the same speaker in a row were sent as one.");
        }
    }

    // Messages of the system may stand between: they are no turn.
    private static int SpeakerBefore(Draft draft, int index)
    {
        var before = index - 1;
        while (before > 0 && Draft.IsSystem(draft[before]))
            before--;
        return before;
    }

    private static bool AreOfOneSpeaker(ChatMessage one, ChatMessage other) =>
        one.Role == other.Role
        && (one.Role == ChatRole.User || one.Role == ChatRole.Assistant)
        && !Draft.IsOpaque(one) && !Draft.IsOpaque(other);

    private static void Merge(ChatMessage into, ChatMessage next)
    {
        if (into.AuthorName != next.AuthorName)
        {
            AuthorNames.PutIntoWords(into);
            AuthorNames.PutIntoWords(next);
        }

        ContentCopies.Append(into.Contents, next.Contents);
        foreach (var (name, value) in next.AdditionalProperties ?? [])
            (into.AdditionalProperties ??= []).TryAdd(name, value);
    }
}

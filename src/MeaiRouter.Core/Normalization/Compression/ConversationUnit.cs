using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Compression;

/// <summary>Messages that only make sense together: one, or one with tool calls and those with their results.</summary>
/// <param name="Start">The first of them.</param>
/// <param name="Count">How many.</param>
internal readonly record struct ConversationUnit(int Start, int Count)
{
    /// <summary>A conversation cut wherever no tool call is parted from its result.</summary>
    public static List<ConversationUnit> Of(IReadOnlyList<ChatMessage> messages)
    {
        var reach = Reach(messages);
        var units = new List<ConversationUnit>(messages.Count);
        for (var start = 0; start < messages.Count;)
        {
            var end = start;
            for (var i = start; i <= end; i++)
                end = Math.Max(end, reach[i]);
            units.Add(new ConversationUnit(start, end - start + 1));
            start = end + 1;
        }

        return units;
    }

    public IEnumerable<ChatMessage> In(IReadOnlyList<ChatMessage> messages)
    {
        for (var i = Start; i < Start + Count; i++)
            yield return messages[i];
    }

    // Ids may repeat from turn to turn: a call is answered by the results after it up to the next call of the same id.
    private static int[] Reach(IReadOnlyList<ChatMessage> messages)
    {
        var reach = new int[messages.Count];
        var results = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = messages.Count - 1; i >= 0; i--)
        {
            reach[i] = i;
            foreach (var content in messages[i].Contents)
            {
                if (content is FunctionCallContent call && results.Remove(call.CallId, out var last))
                    reach[i] = Math.Max(reach[i], last);
            }

            foreach (var content in messages[i].Contents)
            {
                if (content is FunctionResultContent result)
                    results.TryAdd(result.CallId, i);
            }
        }

        return reach;
    }
}

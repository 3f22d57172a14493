using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>Answers in pieces, and what a caller has of them.</summary>
internal static class Continuing
{
    public static readonly HttpRequestException Cut = new("Cut.");

    public static FallbackOptions Options => TestPipeline.Unheld;

    public static ChatOptions Greedy => new() { Temperature = 0 };

    /// <summary>Text in several updates with ids, then the finish reason and the usage.</summary>
    public static Step[] Answer(string id, UsageDetails? usage, params AIContent[] contents) =>
    [
        .. contents.Select(content => (Step)new ChatResponseUpdate(ChatRole.Assistant, [content]) { ResponseId = id, MessageId = id, ModelId = id, AuthorName = id }),
        new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop, ResponseId = id, MessageId = id, ModelId = id, AuthorName = id },
        .. usage is null ? (Step[])[] : [usage],
    ];

    /// <summary>Everything said, in its order: reasoning between brackets, where text goes over into it and back.</summary>
    public static string Said(this IEnumerable<ChatResponseUpdate> updates)
    {
        var said = new System.Text.StringBuilder();
        var inReasoning = false;
        foreach (var content in updates.SelectMany(update => update.Contents))
        {
            var (text, isReasoning) = content switch
            {
                TextContent { Text: [_, ..] spoken } => (spoken, false),
                TextReasoningContent { Text: [_, ..] thought } => (thought, true),
                _ => (null, inReasoning),
            };
            if (isReasoning != inReasoning)
                said.Append(isReasoning ? "[" : "]");
            inReasoning = isReasoning;
            said.Append(text);
        }

        return said.ToString();
    }

    public static string[] Told(this IEnumerable<Seam> seams) =>
        [.. seams.Select(seam => $"{seam.TextOffset}+{seam.ReasoningOffset} {seam.From.Provider}>{seam.To.Provider} {seam.Way}")];

    public static AIContent Spoken(string text) => new TextContent(text);

    public static AIContent Thought(string text) => new TextReasoningContent(text);
}

using System.Globalization;
using System.Text.Json;
using MeaiRouter.Normalization.Conversation;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Compression;

/// <summary>Takes the middle out of long texts: what the user and the assistant said, and what tools returned as text.</summary>
internal static class TextShortening
{
    // Fewer characters say nothing any more.
    private const int ShortestCap = 200;

    /// <summary>Shortens the longest texts to one length, the greatest with which the messages fit.</summary>
    /// <param name="messages">The messages; those of the system are left alone, and the last of the user as long as others suffice.</param>
    /// <param name="fits">Whether messages are short enough.</param>
    /// <param name="shortened">How many texts were shortened.</param>
    /// <returns>Copies where something was shortened. They may still not fit.</returns>
    public static List<ChatMessage> Apply(List<ChatMessage> messages, Func<IReadOnlyList<ChatMessage>, bool> fits, out int shortened)
    {
        var lastOfUser = messages.FindLastIndex(static message => message.Role == ChatRole.User);
        var result = AtGreatestCap(messages, lastOfUser, fits, out shortened);
        return fits(result) ? result : AtGreatestCap(messages, spared: -1, fits, out shortened);
    }

    private static List<ChatMessage> AtGreatestCap(
        List<ChatMessage> messages, int spared, Func<IReadOnlyList<ChatMessage>, bool> fits, out int shortened)
    {
        var (low, high) = (ShortestCap, Math.Max(ShortestCap, Longest(messages)));
        while (low < high)
        {
            var middle = low + (high - low + 1) / 2;
            if (fits(Cap(messages, middle, spared, out _)))
                low = middle;
            else
                high = middle - 1;
        }

        return Cap(messages, low, spared, out shortened);
    }

    private static int Longest(List<ChatMessage> messages) =>
        messages.SelectMany(static message => message.Contents).Max(static content => (int?)Text(content)?.Length) ?? 0;

    private static List<ChatMessage> Cap(List<ChatMessage> messages, int length, int spared, out int shortened)
    {
        shortened = 0;
        var capped = new List<ChatMessage>(messages);
        for (var i = 0; i < messages.Count; i++)
        {
            if (i == spared || Draft.IsSystem(messages[i]))
                continue;

            for (var j = 0; j < messages[i].Contents.Count; j++)
            {
                if (Shortened(messages[i].Contents[j], length) is not { } shorter)
                    continue;

                if (ReferenceEquals(capped[i], messages[i]))
                {
                    capped[i] = messages[i].Clone();
                    capped[i].Contents = [.. messages[i].Contents];
                    capped[i].RawRepresentation = null;
                }

                capped[i].Contents[j] = shorter;
                shortened++;
            }
        }

        return capped;
    }

    private static AIContent? Shortened(AIContent content, int length)
    {
        if (Text(content) is not { } text || text.Length <= length)
            return null;

        var (head, tail) = (length / 2, length - length / 2);
        if (char.IsHighSurrogate(text[head - 1]))
            head--;
        if (char.IsLowSurrogate(text[^tail]))
            tail--;

        var missing = (text.Length - head - tail).ToString("N0", CultureInfo.InvariantCulture);
        var shorter = $"{text.AsSpan(0, head)}\n[{missing} characters left out]\n{text.AsSpan(text.Length - tail)}";
        if (shorter.Length >= text.Length)
            return null;
        return content is FunctionResultContent result
            ? ContentCopies.WithResult(result, result.CallId, shorter)
            : ContentCopies.WithText((TextContent)content, shorter);
    }

    private static string? Text(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionResultContent { Result: string text } => text,
        FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.String } json } => json.GetString(),
        FunctionResultContent { Result: JsonElement { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json } => json.GetRawText(),
        _ => null,
    };
}

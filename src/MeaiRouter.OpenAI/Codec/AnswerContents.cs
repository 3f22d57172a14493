using System.Text.Json;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>What whole messages and deltas have in common: text, parts, images and annotations.</summary>
internal static class AnswerContents
{
    public static void Read(AnswerMessage message, List<AIContent> contents)
    {
        if (message.Content is { Parts: { } parts })
        {
            foreach (var part in parts)
                Add(contents, ReadPart(part));
        }
        else if (message.Content is { Text: { Length: > 0 } text })
        {
            contents.Add(new TextContent(text));
        }

        for (var i = 0; i < message.Images?.Count; i++)
            Add(contents, ContentParts.TryReadImage(message.Images[i].ImageUrl));
        Citations.Read(message.Annotations, contents);
    }

    /// <summary>The texts in one; <see langword="null"/> where there is none.</summary>
    public static string? Text(IList<AIContent> contents)
    {
        string? text = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is TextContent part)
                text = text is null ? part.Text : text + part.Text;
        }

        return text;
    }

    /// <summary>The images that the model made; <see langword="null"/> where there is none.</summary>
    public static IList<ContentPart>? Images(IList<AIContent> contents)
    {
        List<ContentPart>? images = null;
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i] is DataContent or UriContent && ContentParts.Write(contents[i]) is { ImageUrl: not null } image)
                (images ??= []).Add(image);
        }

        return images;
    }

    // Some providers leave the type out; Mistral answers with "thinking" beside "text".
    private static AIContent? ReadPart(ContentPart part)
    {
        if (part.Text is { Length: > 0 } text)
            return new TextContent(text);
        if (part.ImageUrl is not null)
            return ContentParts.TryReadImage(part.ImageUrl);
        return part.Extra is { } extra && extra.TryGetValue("thinking", out var thinking) && Thinking(thinking) is { Length: > 0 } thought
            ? new TextReasoningContent(thought)
            : null;
    }

    private static string? Thinking(JsonElement thinking) =>
        thinking.ValueKind == JsonValueKind.String ? thinking.GetString() : ReasoningFields.DetailsText(thinking);

    private static void Add(List<AIContent> contents, AIContent? content)
    {
        if (content is not null)
            contents.Add(content);
    }
}

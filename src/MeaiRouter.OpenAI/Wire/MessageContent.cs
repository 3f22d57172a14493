using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>The content of a message: a text or a list of parts.</summary>
[JsonConverter(typeof(MessageContentConverter))]
public readonly record struct MessageContent
{
    /// <summary>Content that is a text.</summary>
    public MessageContent(string text) => Text = text;

    /// <summary>Content in parts.</summary>
    public MessageContent(IList<ContentPart> parts) => Parts = parts;

    /// <summary>The text; <see langword="null"/> where there are parts.</summary>
    public string? Text { get; }

    /// <summary>The parts; <see langword="null"/> where there is a text.</summary>
    public IList<ContentPart>? Parts { get; }
}

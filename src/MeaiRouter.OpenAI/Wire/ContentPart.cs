using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A part of a message. Types other than those below are kept in <see cref="Extra"/>.</summary>
public sealed class ContentPart
{
    /// <summary><c>text</c>, <c>image_url</c>, <c>input_audio</c>, <c>file</c> or another type.</summary>
    public string? Type { get; set; }

    /// <summary>The text of a <c>text</c> part.</summary>
    public string? Text { get; set; }

    /// <summary>The image of an <c>image_url</c> part.</summary>
    public ImageReference? ImageUrl { get; set; }

    /// <summary>The sound of an <c>input_audio</c> part.</summary>
    public AudioClip? InputAudio { get; set; }

    /// <summary>The file of a <c>file</c> part.</summary>
    public FileReference? File { get; set; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get; set; }
}

/// <summary>An image by address or as a data URI.</summary>
public sealed class ImageReference
{
    /// <summary>An <c>https:</c> or <c>data:</c> URI.</summary>
    public string? Url { get; set; }

    /// <summary><c>auto</c>, <c>low</c> or <c>high</c>.</summary>
    public string? Detail { get; set; }
}

/// <summary>Sound sent with the request.</summary>
public sealed class AudioClip
{
    /// <summary>The bytes in base64.</summary>
    public string? Data { get; set; }

    /// <summary><c>wav</c>, <c>mp3</c> or another format.</summary>
    public string? Format { get; set; }
}

/// <summary>A file sent with the request, or uploaded before.</summary>
public sealed class FileReference
{
    /// <summary>The file's name.</summary>
    public string? Filename { get; set; }

    /// <summary>The bytes as a data URI, or the file's address.</summary>
    public string? FileData { get; set; }

    /// <summary>The id of an uploaded file.</summary>
    public string? FileId { get; set; }
}

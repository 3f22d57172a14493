using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Parts of messages: text, images, audio and files, with or without bytes.</summary>
internal static class ContentParts
{
    private const string Pdf = "application/pdf";
    private const string Video = "video_url";

    /// <summary>Reads a part of a request.</summary>
    /// <param name="part">The part.</param>
    /// <param name="path">Where it stands, for errors.</param>
    /// <exception cref="Attempts.RouterException">The part lacks what its type needs.</exception>
    public static AIContent Read(ContentPart part, string path)
    {
        AIContent content = part.Type switch
        {
            null or "" => throw InvalidRequests.Field(path + ".type", "is missing"),
            "text" => new TextContent(part.Text ?? throw InvalidRequests.Field(path + ".text", "is missing")),
            "image_url" => ReadImage(part.ImageUrl, path + ".image_url"),
            "input_audio" => ReadAudio(part.InputAudio, path + ".input_audio"),
            "file" => ReadFile(part.File, path + ".file"),
            Video => ReadVideo(part) ?? new AIContent { RawRepresentation = part },
            _ => new AIContent { RawRepresentation = part },
        };

        if (content.RawRepresentation is null && Verbatim.Bundle(part.Extra) is { } extra)
        {
            foreach (var (name, value) in extra)
                (content.AdditionalProperties ??= [])[name] = value;
        }

        return content;
    }

    /// <summary>Writes a content as a part; <see langword="null"/> for content that is not a part of a message's body.</summary>
    public static ContentPart? Write(AIContent content)
    {
        var part = content switch
        {
            { RawRepresentation: ContentPart verbatim } when content.GetType() == typeof(AIContent) || verbatim.Type == Video => verbatim,
            TextContent text => new ContentPart { Type = "text", Text = text.Text },
            UriContent image when image.HasTopLevelMediaType("image") => WriteImage(image, image.Uri.OriginalString),
            DataContent image when image.HasTopLevelMediaType("image") => WriteImage(image, image.Uri),
            UriContent video when video.HasTopLevelMediaType("video") => WriteVideo(video.Uri.OriginalString),
            DataContent video when video.HasTopLevelMediaType("video") => WriteVideo(video.Uri),
            DataContent audio when audio.HasTopLevelMediaType("audio") => new ContentPart
            {
                Type = "input_audio",
                InputAudio = new AudioClip { Data = audio.Base64Data.ToString(), Format = AudioFormat(audio.MediaType) },
            },
            DataContent file => WriteFile(new FileReference { Filename = file.Name ?? FileName(file.MediaType), FileData = file.Uri }),
            UriContent file => WriteFile(new FileReference { Filename = FileName(file.MediaType), FileData = file.Uri.OriginalString }),
            HostedFileContent file => WriteFile(new FileReference { FileId = file.FileId }),
            _ => null,
        };

        if (part is not null && !ReferenceEquals(part, content.RawRepresentation) && part.Type != Video)
            part.Extra = Verbatim.Unbundle(content.AdditionalProperties);
        return part;
    }

    /// <summary>Reads the address of an image that a model made; <see langword="null"/> where it is none.</summary>
    public static AIContent? TryReadImage(ImageReference? image)
    {
        try
        {
            return image?.Url is { Length: > 0 } url ? FromUri(url, "image/*") : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static AIContent ReadImage(ImageReference? image, string path)
    {
        var content = FromUri(image?.Url ?? throw InvalidRequests.Field(path, "has no url"), "image/*", path);
        if (image.Detail is { } detail)
            content.AdditionalProperties = new() { [RequestProperties.Detail] = detail };
        return content;
    }

    // The part itself travels on, whatever else it says; the content is there for whoever asks what kind it is.
    private static AIContent? ReadVideo(ContentPart part)
    {
        if (part.Extra?.TryGetValue(Video, out var video) != true || video.ValueKind != JsonValueKind.Object
            || !video.TryGetProperty("url", out var url) || url.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            var content = FromUri(url.GetString()!, "video/*");
            content.RawRepresentation = part;
            return content;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static ContentPart WriteVideo(string url) => new()
    {
        Type = Video,
        Extra = new Dictionary<string, JsonElement> { [Video] = JsonSerializer.SerializeToElement(new JsonObject { ["url"] = url }, WireJson.Strict.JsonObject) },
    };

    private static DataContent ReadAudio(AudioClip? audio, string path)
    {
        var data = audio?.Data ?? throw InvalidRequests.Field(path, "has no data");
        var mediaType = audio.Format switch
        {
            null or "" => throw InvalidRequests.Field(path, "has no format"),
            "mp3" => "audio/mpeg",
            var format => "audio/" + format,
        };
        return (DataContent)FromUri($"data:{mediaType};base64,{data}", mediaType, path);
    }

    private static AIContent ReadFile(FileReference? file, string path)
    {
        if (file?.FileId is { } id)
            return new HostedFileContent(id) { Name = file.Filename };

        var content = FromUri(file?.FileData ?? throw InvalidRequests.Field(path, "has neither file_data nor file_id"), Pdf, path);
        if (content is DataContent data)
            data.Name = file.Filename;
        return content;
    }

    private static ContentPart WriteImage(AIContent image, string url)
    {
        object? detail = null;
        image.AdditionalProperties?.TryGetValue(RequestProperties.Detail, out detail);
        return new() { Type = "image_url", ImageUrl = new ImageReference { Url = url, Detail = detail?.ToString() } };
    }

    private static ContentPart WriteFile(FileReference file) => new() { Type = "file", File = file };

    private static AIContent FromUri(string uri, string mediaType, string path)
    {
        try
        {
            return FromUri(uri, mediaType);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw InvalidRequests.Field(path, "holds neither an absolute URI nor valid base64", exception);
        }
    }

    private static AIContent FromUri(string uri, string mediaType) =>
        uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(uri) : new UriContent(uri, mediaType);

    private static string AudioFormat(string mediaType) => mediaType switch
    {
        "audio/mpeg" or "audio/mp3" => "mp3",
        "audio/wav" or "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "wav",
        _ => mediaType["audio/".Length..],
    };

    // OpenAI insists on a name.
    private static string FileName(string mediaType) => mediaType == Pdf ? "file.pdf" : "file";
}

using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Responses;

/// <summary>Parts of messages and of tools' outputs: text, refusals, images, files, sound and video.</summary>
internal static class ResponseParts
{
    private const string Pdf = "application/pdf";

    public static AIContent Read(ResponsePart part, string path)
    {
        var content = part.Type switch
        {
            null or "" => throw InvalidResponseRequests.Field(path + ".type", "is missing"),
            "input_text" or "output_text" or "text" => ReadText(part, path),
            "refusal" => Refusals.Read(part.Refusal ?? throw InvalidResponseRequests.Field(path + ".refusal", "is missing")),
            "input_image" => ReadImage(part, path),
            "input_file" => ReadFile(part, path),
            "input_audio" => ReadAudio(part.InputAudio, path + ".input_audio"),
            "input_video" => FromUri(part.VideoUrl ?? throw InvalidResponseRequests.Field(path + ".video_url", "is missing"), "video/*", path + ".video_url"),
            _ => throw InvalidResponseRequests.Refused(
                $"{path}.type", $"is \"{part.Type}\": it must be \"input_text\", \"input_image\", \"input_file\", \"input_audio\", \"input_video\", \"output_text\" or \"refusal\"."),
        };
        if (Verbatim.Bundle(part.Extra) is { } extra)
        {
            foreach (var (name, value) in extra)
                (content.AdditionalProperties ??= [])[name] = value;
        }

        return content;
    }

    /// <summary>An image that a model made in an earlier turn.</summary>
    public static AIContent ReadMadeImage(ResponseItem item, string path)
    {
        var result = item.Result ?? throw InvalidResponseRequests.Field(path + ".result", "is missing");
        return FromUri(HasScheme(result) ? result : "data:image/png;base64," + result, "image/*", path + ".result");
    }

    private static TextContent ReadText(ResponsePart part, string path) => new(part.Text ?? throw InvalidResponseRequests.Field(path + ".text", "is missing"))
    {
        Annotations = ResponseAnnotations.Read(part.Annotations),
    };

    private static AIContent ReadImage(ResponsePart part, string path)
    {
        var content = part switch
        {
            { ImageUrl: { } url } => FromUri(url, "image/*", path + ".image_url"),
            { FileId: { Length: > 0 } id } => new HostedFileContent(id),
            _ => throw InvalidResponseRequests.Field(path + ".image_url", "is missing"),
        };
        if (part.Detail is { } detail)
            content.AdditionalProperties = new() { [RequestProperties.Detail] = detail };
        return content;
    }

    private static AIContent ReadFile(ResponsePart part, string path)
    {
        switch (part)
        {
            case { FileId: { Length: > 0 } id }:
                return new HostedFileContent(id) { Name = part.Filename };
            case { FileUrl: { } url }:
                return FromUri(url, Pdf, path + ".file_url");
            case { FileData: { } data }:
                // OpenAI's own examples leave the scheme out where the name tells the type.
                var content = FromUri(HasScheme(data) ? data : $"data:{Pdf};base64,{data}", Pdf, path + ".file_data");
                if (content is DataContent file)
                    file.Name = part.Filename;
                return content;
            default:
                throw InvalidResponseRequests.Field(path + ".file_data", "is missing, and so are file_url and file_id");
        }
    }

    private static AIContent ReadAudio(AudioClip? audio, string path)
    {
        var data = audio?.Data ?? throw InvalidResponseRequests.Field(path, "has no data");
        var mediaType = audio.Format switch
        {
            null or "" => throw InvalidResponseRequests.Field(path, "has no format"),
            "mp3" => "audio/mpeg",
            var format => "audio/" + format,
        };
        return FromUri($"data:{mediaType};base64,{data}", mediaType, path);
    }

    private static bool HasScheme(string uri) => uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || uri.Contains("://", StringComparison.Ordinal);

    private static AIContent FromUri(string uri, string mediaType, string path)
    {
        try
        {
            return uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? new DataContent(uri) : new UriContent(uri, mediaType);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw InvalidResponseRequests.Field(path, "holds neither an absolute URI nor valid base64", exception);
        }
    }
}

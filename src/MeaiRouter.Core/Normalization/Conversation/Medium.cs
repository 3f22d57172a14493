using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>What is known of an image, a file, a sound or a film in a conversation.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="MediaType">Its media type, which may be a range such as <c>image/*</c>; <see langword="null"/> if unknown.</param>
/// <param name="Form">How it is given.</param>
internal readonly record struct Medium(MediaKind Kind, string? MediaType, MediaForm Form)
{
    /// <summary>What a content is; <see langword="null"/> if it is none of these.</summary>
    public static Medium? Of(AIContent content) => content switch
    {
        DataContent data => new(KindOf(data.MediaType), data.MediaType, MediaForm.Inline),
        UriContent uri => new(KindOf(uri.MediaType), uri.MediaType, IsInline(uri) ? MediaForm.Inline : MediaForm.Address),
        HostedFileContent file => new(file.MediaType is null ? MediaKind.File : KindOf(file.MediaType), file.MediaType, MediaForm.Hosted),
        _ => null,
    };

    /// <summary>Whether an address holds the data itself.</summary>
    public static bool IsInline(UriContent content) => string.Equals(content.Uri.Scheme, "data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether its media type is among those that are taken; a range is if one of them is in it.</summary>
    public bool IsOneOf(IReadOnlyList<string> mediaTypes)
    {
        if (MediaType is null || mediaTypes.Count == 0)
            return true;

        var own = Canonical(MediaType);
        foreach (var mediaType in mediaTypes)
        {
            if (own.EndsWith("/*", StringComparison.Ordinal)
                ? mediaType.StartsWith(own[..^1], StringComparison.OrdinalIgnoreCase)
                : string.Equals(own, Canonical(mediaType), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static MediaKind KindOf(string mediaType) => mediaType switch
    {
        _ when mediaType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) => MediaKind.Image,
        _ when mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) => MediaKind.Audio,
        _ when mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) => MediaKind.Video,
        _ => MediaKind.File,
    };

    // Types that have two names in the wild, without their parameters.
    private static string Canonical(string mediaType)
    {
        var end = mediaType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? mediaType : mediaType[..end]).Trim().ToLowerInvariant() switch
        {
            "image/jpg" => "image/jpeg",
            "audio/mp3" => "audio/mpeg",
            "audio/x-wav" or "audio/wave" or "audio/vnd.wave" => "audio/wav",
            "audio/x-flac" => "audio/flac",
            "audio/x-m4a" or "audio/m4a" => "audio/mp4",
            var known => known,
        };
    }
}

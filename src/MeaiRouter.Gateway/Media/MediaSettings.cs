namespace MeaiRouter.Gateway.Media;

/// <summary>How images and files that a request holds by address are fetched: the section <c>Gateway:FetchMedia</c>.</summary>
internal sealed record MediaSettings
{
    /// <summary>Whether also over plain http.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>The largest one, in bytes. OpenAI's limit on images.</summary>
    public int MaxBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>How long one may take, redirects and all: less than an endpoint may let wait for its first content.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}

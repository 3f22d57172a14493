namespace MeaiRouter.Dialects;

/// <summary>In which forms an endpoint takes one kind of media.</summary>
public sealed record MediaRule
{
    /// <summary>By address and inline, in any format and size.</summary>
    public static MediaRule Any { get; } = new();

    /// <summary>Only as data in the request, in any format and size.</summary>
    public static MediaRule InlineOnly { get; } = new() { TakesUrls = false };

    /// <summary>Not at all.</summary>
    public static MediaRule None { get; } = new() { TakesUrls = false, TakesInline = false };

    /// <summary>Whether an address on the web is taken, which the provider then fetches.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesUrls { get; init; } = true;

    /// <summary>Whether data in the request is taken.</summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool TakesInline { get; init; } = true;

    /// <summary>The media types that are taken, such as <c>image/png</c>. Default: empty, all.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = [];

    /// <summary>The most bytes one of them may have before it is encoded. Default: <see langword="null"/>, no limit.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How many of them one request may hold. Default: <see langword="null"/>, no limit.</summary>
    public int? MaxCount { get; init; }
}

namespace MeaiRouter.Catalog;

/// <summary>What a format calls the parts of a price, all per token but the last two.</summary>
internal sealed record PriceMembers(string Prompt, string Completion)
{
    public required string CacheRead { get; init; }

    public required string CacheWrite { get; init; }

    public required string CacheWrite1h { get; init; }

    public required string Reasoning { get; init; }

    public required string AudioInput { get; init; }

    public required string AudioOutput { get; init; }

    public required string ImageInput { get; init; }

    public required string ImageOutput { get; init; }

    /// <summary>US dollars for each request.</summary>
    public required string Request { get; init; }

    /// <summary>US dollars for each web search; <see langword="null"/> if the format has no such price.</summary>
    public string? WebSearch { get; init; }

    /// <summary>Every name.</summary>
    public IEnumerable<string> All =>
        new[]
        {
            Prompt, Completion, CacheRead, CacheWrite, CacheWrite1h, Reasoning, AudioInput, AudioOutput, ImageInput, ImageOutput, Request, WebSearch,
        }.OfType<string>();

    /// <summary>The names with something after each of them.</summary>
    public PriceMembers WithSuffix(string suffix) => new(Prompt + suffix, Completion + suffix)
    {
        CacheRead = CacheRead + suffix,
        CacheWrite = CacheWrite + suffix,
        CacheWrite1h = CacheWrite1h + suffix,
        Reasoning = Reasoning + suffix,
        AudioInput = AudioInput + suffix,
        AudioOutput = AudioOutput + suffix,
        ImageInput = ImageInput + suffix,
        ImageOutput = ImageOutput + suffix,
        Request = Request + suffix,
        WebSearch = WebSearch is null ? null : WebSearch + suffix,
    };
}

namespace MeaiRouter.Catalog;

/// <summary>What a format calls the parts of a price, all per token but the request.</summary>
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
}

namespace MeaiRouter.Pricing;

/// <summary>The buckets that most attempts leave empty, kept apart so that a <see cref="TokenUsage"/> stays small.</summary>
internal sealed record RareUsage
{
    public static readonly RareUsage None = new();

    public long AudioInput { get; init; }

    public long ImageInput { get; init; }

    public long VideoInput { get; init; }

    public long AudioOutput { get; init; }

    public long ImageOutput { get; init; }

    public long Images { get; init; }

    public long WebSearches { get; init; }

    public long ToolUnits { get; init; }

    /// <summary>The same buckets; <see langword="null"/> if all are empty, so that equal usages are equal.</summary>
    public RareUsage? OrNull() => Equals(None) ? null : this;

    public static RareUsage? Sum(RareUsage? left, RareUsage? right) => left is null || right is null ? left ?? right : new RareUsage
    {
        AudioInput = left.AudioInput + right.AudioInput,
        ImageInput = left.ImageInput + right.ImageInput,
        VideoInput = left.VideoInput + right.VideoInput,
        AudioOutput = left.AudioOutput + right.AudioOutput,
        ImageOutput = left.ImageOutput + right.ImageOutput,
        Images = left.Images + right.Images,
        WebSearches = left.WebSearches + right.WebSearches,
        ToolUnits = left.ToolUnits + right.ToolUnits,
    };
}

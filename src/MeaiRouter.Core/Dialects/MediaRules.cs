namespace MeaiRouter.Dialects;

/// <summary>In which forms an endpoint takes what is not text. What its model cannot take at all, its input modalities say.</summary>
public sealed record MediaRules
{
    /// <summary>What most endpoints take.</summary>
    public static MediaRules Default { get; } = new();

    /// <summary>Images. Default: <see cref="MediaRule.Any"/>.</summary>
    public MediaRule Images { get; init; } = MediaRule.Any;

    /// <summary>Files, above all PDF. Default: inline only.</summary>
    public MediaRule Files { get; init; } = MediaRule.InlineOnly;

    /// <summary>Sound. Default: inline only.</summary>
    public MediaRule Audio { get; init; } = MediaRule.InlineOnly;

    /// <summary>Film. Default: <see cref="MediaRule.Any"/>.</summary>
    public MediaRule Video { get; init; } = MediaRule.Any;
}

using System.Globalization;

namespace MeaiRouter.Pricing;

/// <summary>What differs from a price where all the conditions given hold. Prices that are absent stay as they were.</summary>
/// <remarks>The conditions are those of OpenRouter's <c>pricing.overrides</c>, and more.</remarks>
public sealed record PriceOverride
{
    /// <summary>The prompt has more tokens than this, cached ones included. The override then holds for all tokens of the attempt.</summary>
    public int? MinPromptTokens { get; init; }

    /// <summary>From this time of the day on, UTC. With <see cref="UtcEnd"/>, before which it must be; the two may span midnight.</summary>
    public TimeOnly? UtcStart { get; init; }

    /// <summary>Until this time of the day, UTC, itself excluded.</summary>
    public TimeOnly? UtcEnd { get; init; }

    /// <summary>The answer was served in this service tier, such as <c>flex</c>.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>The endpoint computes in this region.</summary>
    public string? Region { get; init; }

    /// <summary>The request was, or was not, part of a batch.</summary>
    public bool? Batch { get; init; }

    /// <summary>From when on the override holds, for changes of price that are known before they come.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The version that a charge carries where the override applied; <see langword="null"/> for that of the price.</summary>
    public string? Version { get; init; }

    /// <summary>Whether it is not known what is charged under these conditions, so that an attempt is unpriced.</summary>
    public bool IsUnknown { get; init; }

    /// <inheritdoc cref="Price.Prompt"/>
    public decimal? Prompt { get; init; }

    /// <inheritdoc cref="Price.Completion"/>
    public decimal? Completion { get; init; }

    /// <inheritdoc cref="Price.CacheRead"/>
    public decimal? CacheRead { get; init; }

    /// <inheritdoc cref="Price.CacheWrite"/>
    public decimal? CacheWrite { get; init; }

    /// <inheritdoc cref="Price.CacheWrite1h"/>
    public decimal? CacheWrite1h { get; init; }

    /// <inheritdoc cref="Price.Reasoning"/>
    public decimal? Reasoning { get; init; }

    /// <inheritdoc cref="Price.AudioInput"/>
    public decimal? AudioInput { get; init; }

    /// <inheritdoc cref="Price.AudioOutput"/>
    public decimal? AudioOutput { get; init; }

    /// <inheritdoc cref="Price.ImageInput"/>
    public decimal? ImageInput { get; init; }

    /// <inheritdoc cref="Price.ImageOutput"/>
    public decimal? ImageOutput { get; init; }

    /// <inheritdoc cref="Price.VideoInput"/>
    public decimal? VideoInput { get; init; }

    /// <inheritdoc cref="Price.Request"/>
    public decimal? Request { get; init; }

    /// <inheritdoc cref="Price.Image"/>
    public decimal? Image { get; init; }

    /// <inheritdoc cref="Price.WebSearch"/>
    public decimal? WebSearch { get; init; }

    /// <inheritdoc cref="Price.ToolUnit"/>
    public decimal? ToolUnit { get; init; }

    /// <summary>The conditions, such as <c>above 200000 prompt tokens, flex</c>.</summary>
    public override string ToString()
    {
        var conditions = new List<string>(4);
        if (MinPromptTokens is { } tokens)
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"above {tokens} prompt tokens"));
        if (UtcStart is not null || UtcEnd is not null)
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{UtcStart ?? default:HH:mm}-{UtcEnd ?? default:HH:mm} UTC"));
        if (ServiceTier is not null)
            conditions.Add(ServiceTier);
        if (Region is not null)
            conditions.Add($"region {Region}");
        if (Batch is { } batch)
            conditions.Add(batch ? "batch" : "no batch");
        if (EffectiveFrom is { } from)
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"from {from.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}"));
        return conditions.Count == 0 ? "always" : string.Join(", ", conditions);
    }

    internal bool AppliesTo(in PriceConditions conditions) =>
        !(conditions.PromptTokens <= MinPromptTokens)
        && (ServiceTier is null || ServiceTier.Equals(conditions.ServiceTier, StringComparison.OrdinalIgnoreCase))
        && (Batch is not { } batch || batch == conditions.IsBatch)
        && !(conditions.At < EffectiveFrom)
        && (Region is null || IsIn(conditions.Regions, Region))
        && ((UtcStart is null && UtcEnd is null) || IsWithin(TimeOnly.FromDateTime(conditions.At.UtcDateTime)));

    internal Price ApplyTo(Price price) => price with
    {
        Prompt = Prompt ?? price.Prompt,
        Completion = Completion ?? price.Completion,
        CacheRead = CacheRead ?? price.CacheRead,
        CacheWrite = CacheWrite ?? price.CacheWrite,
        CacheWrite1h = CacheWrite1h ?? price.CacheWrite1h,
        Reasoning = Reasoning ?? price.Reasoning,
        AudioInput = AudioInput ?? price.AudioInput,
        AudioOutput = AudioOutput ?? price.AudioOutput,
        ImageInput = ImageInput ?? price.ImageInput,
        ImageOutput = ImageOutput ?? price.ImageOutput,
        VideoInput = VideoInput ?? price.VideoInput,
        Request = Request ?? price.Request,
        Image = Image ?? price.Image,
        WebSearch = WebSearch ?? price.WebSearch,
        ToolUnit = ToolUnit ?? price.ToolUnit,
        Version = Version ?? price.Version,
    };

    internal PriceOverride Scale(decimal factor) => this with
    {
        Prompt = Prompt * factor,
        Completion = Completion * factor,
        CacheRead = CacheRead * factor,
        CacheWrite = CacheWrite * factor,
        CacheWrite1h = CacheWrite1h * factor,
        Reasoning = Reasoning * factor,
        AudioInput = AudioInput * factor,
        AudioOutput = AudioOutput * factor,
        ImageInput = ImageInput * factor,
        ImageOutput = ImageOutput * factor,
        VideoInput = VideoInput * factor,
        Request = Request * factor,
        Image = Image * factor,
        WebSearch = WebSearch * factor,
        ToolUnit = ToolUnit * factor,
    };

    internal string ToCanonicalText() => string.Create(
        CultureInfo.InvariantCulture,
        $"{this} {IsUnknown} {Prompt:G29} {Completion:G29} {CacheRead:G29} {CacheWrite:G29} {CacheWrite1h:G29} {Reasoning:G29} {AudioInput:G29} {AudioOutput:G29} {ImageInput:G29} {ImageOutput:G29} {VideoInput:G29} {Request:G29} {Image:G29} {WebSearch:G29} {ToolUnit:G29}");

    private bool IsWithin(TimeOnly time) => UtcEnd is { } end ? time.IsBetween(UtcStart ?? TimeOnly.MinValue, end) : time >= UtcStart;

    private static bool IsIn(IReadOnlyList<string>? regions, string region)
    {
        for (var i = 0; i < regions?.Count; i++)
        {
            if (regions[i].Equals(region, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}

using System.Globalization;

namespace MeaiRouter.Pricing;

/// <summary>What an endpoint charges, in US dollars per million tokens unless a property says otherwise.</summary>
/// <remarks>A bucket without a price of its own costs what the bucket around it costs: cached input as input, reasoning as output.</remarks>
public sealed record Price
{
    // Dollars per million tokens times 1,000 are nano-dollars per token; dollars times 10⁹ are nano-dollars.
    private const decimal NanoUsdPerTokenFactor = 1_000m;
    private const decimal NanoUsdPerUsd = 1_000_000_000m;

    // No part of what makes two prices equal.
    private PriceSelectionSlot _selection;

    /// <summary>A price of zero, for endpoints that really are free. Unknown is not free: an endpoint without a price is unpriced.</summary>
    public static Price Free { get; } = new();

    /// <summary>Input tokens.</summary>
    public decimal Prompt { get; init; }

    /// <summary>Output tokens.</summary>
    public decimal Completion { get; init; }

    /// <summary>Input tokens read from the prompt cache. Default: <see cref="Prompt"/>.</summary>
    public decimal? CacheRead { get; init; }

    /// <summary>Input tokens written to the prompt cache. Default: <see cref="Prompt"/>.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input tokens written to the prompt cache for one hour. Default: <see cref="CacheWrite"/>.</summary>
    public decimal? CacheWrite1h { get; init; }

    /// <summary>Reasoning tokens. Default: <see cref="Completion"/>.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>Audio input tokens. Default: <see cref="Prompt"/>.</summary>
    public decimal? AudioInput { get; init; }

    /// <summary>Audio output tokens. Default: <see cref="Completion"/>.</summary>
    public decimal? AudioOutput { get; init; }

    /// <summary>Image input tokens. Default: <see cref="Prompt"/>.</summary>
    public decimal? ImageInput { get; init; }

    /// <summary>Image output tokens. Default: <see cref="Completion"/>.</summary>
    public decimal? ImageOutput { get; init; }

    /// <summary>Video input tokens. Default: <see cref="Prompt"/>.</summary>
    public decimal? VideoInput { get; init; }

    /// <summary>US dollars for each request, on top of its tokens.</summary>
    public decimal Request { get; init; }

    /// <summary>US dollars for each image of the prompt, on top of its tokens.</summary>
    public decimal Image { get; init; }

    /// <summary>US dollars for each web search that the provider runs.</summary>
    public decimal WebSearch { get; init; }

    /// <summary>US dollars for each run of another of the provider's tools.</summary>
    public decimal ToolUnit { get; init; }

    /// <summary>What changes under conditions, such as a long prompt or another service tier. A later one wins, price by price.</summary>
    /// <value>Default: none.</value>
    public PriceOverrides Overrides { get; init; } = PriceOverrides.None;

    /// <summary>From when on the price holds; an attempt that began earlier is unpriced. <see langword="null"/> for always.</summary>
    public DateTimeOffset? EffectiveFrom { get; init; }

    /// <summary>The version of the price list, which every charge carries.</summary>
    /// <value>Default: a fingerprint of the numbers, so that charges of one version were priced alike.</value>
    public string Version { get => field ?? Selection.Fingerprint; init; }

    /// <summary>The overrides that made this price, such as <c>above 200000 prompt tokens</c>; <see langword="null"/> if none did.</summary>
    public string? Applied { get; internal init; }

    /// <summary>One number to compare prices by: a million tokens in and a million out, in a thousand requests.</summary>
    public decimal Blended => Prompt + Completion + 1_000 * Request;

    // A copy made by "with" brings the original's along; it must not answer for other numbers.
    private PriceSelection Selection =>
        _selection.Value is { } selection && selection.IsOf(this) ? selection : _selection.Value = new PriceSelection(this);

    /// <summary>A price from the two numbers every price list has.</summary>
    /// <param name="prompt">US dollars per million input tokens.</param>
    /// <param name="completion">US dollars per million output tokens.</param>
    public static Price PerMillion(decimal prompt, decimal completion) => new() { Prompt = prompt, Completion = completion };

    /// <summary>The price of one attempt: this one with every override whose conditions hold. The same conditions give the same instance.</summary>
    /// <param name="conditions">The facts of the attempt.</param>
    /// <returns>
    /// <see langword="null"/> if the attempt is unpriced: it began before the price held, an override says that its price is not known, or
    /// it was served as a batch or in the tier <c>flex</c> or <c>priority</c>, for which the list has no price.
    /// </returns>
    public Price? For(in PriceConditions conditions)
    {
        if (conditions.At < EffectiveFrom)
            return null;
        return Overrides.Count == 0 && !conditions.NeedsOwnPrice ? this : Selection.For(conditions);
    }

    /// <summary>The same price list with every price multiplied: 0.9 for a discount of 10 %, 1.2 for a margin of 20 %.</summary>
    /// <param name="factor">What to multiply by.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is negative.</exception>
    public Price Scale(decimal factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(factor);
        return factor == 1 ? this : this with
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
            Overrides = [.. Overrides.Select(change => change.Scale(factor))],
        };
    }

    /// <summary>What the usage costs by these numbers, without regard to overrides, rounded once, at the end, to the nearest nano-dollar.</summary>
    /// <param name="usage">What was used.</param>
    public NanoUsd CostOf(in TokenUsage usage)
    {
        var units = usage.Requests * Request;
        if (usage.HasRare)
            units += usage.Images * Image + usage.WebSearches * WebSearch + usage.ToolUnits * ToolUnit;
        return NanoUsd.FromFraction((InputOf(usage) + OutputOf(usage)) * NanoUsdPerTokenFactor + units * NanoUsdPerUsd);
    }

    /// <summary>The part of <see cref="CostOf"/> for input tokens, rounded by itself.</summary>
    /// <param name="usage">What was used.</param>
    public NanoUsd PromptCostOf(in TokenUsage usage) => NanoUsd.FromFraction(InputOf(usage) * NanoUsdPerTokenFactor);

    /// <summary>The part of <see cref="CostOf"/> for output tokens, rounded by itself.</summary>
    /// <param name="usage">What was used.</param>
    public NanoUsd CompletionCostOf(in TokenUsage usage) => NanoUsd.FromFraction(OutputOf(usage) * NanoUsdPerTokenFactor);

    /// <summary>Every number and condition as text, from which the fingerprint is made.</summary>
    internal string ToCanonicalText() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Prompt:G29} {Completion:G29} {CacheRead:G29} {CacheWrite:G29} {CacheWrite1h:G29} {Reasoning:G29} {AudioInput:G29} {AudioOutput:G29}
        {ImageInput:G29} {ImageOutput:G29} {VideoInput:G29} {Request:G29} {Image:G29} {WebSearch:G29} {ToolUnit:G29} {EffectiveFrom:O}
        {string.Join('\n', Overrides.Select(change => change.ToCanonicalText()))}
        """);

    private decimal InputOf(in TokenUsage usage) =>
        usage.Input * Prompt
        + Part(usage.CacheRead, CacheRead, Prompt)
        + Part(usage.CacheWrite, CacheWrite, Prompt)
        + Part(usage.CacheWrite1h, CacheWrite1h ?? CacheWrite, Prompt)
        + (usage.HasRare
            ? Part(usage.AudioInput, AudioInput, Prompt) + Part(usage.ImageInput, ImageInput, Prompt) + Part(usage.VideoInput, VideoInput, Prompt)
            : 0);

    private decimal OutputOf(in TokenUsage usage) =>
        usage.Output * Completion
        + Part(usage.Reasoning, Reasoning, Completion)
        + (usage.HasRare
            ? Part(usage.AudioOutput, AudioOutput, Completion) + Part(usage.ImageOutput, ImageOutput, Completion)
            : 0);

    private static decimal Part(long tokens, decimal? price, decimal fallback) => tokens == 0 ? 0 : tokens * (price ?? fallback);
}

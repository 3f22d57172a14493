namespace MeaiRouter.Pricing;

/// <summary>What an endpoint charges, in US dollars per million tokens unless a property says otherwise.</summary>
/// <remarks>A bucket without a price of its own costs what the bucket around it costs: cached input as input, reasoning as output.</remarks>
public sealed record Price
{
    // Dollars per million tokens times 1,000 are nano-dollars per token.
    private const decimal NanoUsdPerTokenFactor = 1_000m;

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

    /// <summary>US dollars for each request, on top of its tokens.</summary>
    public decimal Request { get; init; }

    /// <summary>One number to compare prices by: a million tokens in and a million out, in a thousand requests.</summary>
    public decimal Blended => Prompt + Completion + 1_000 * Request;

    /// <summary>A price from the two numbers every price list has.</summary>
    /// <param name="prompt">US dollars per million input tokens.</param>
    /// <param name="completion">US dollars per million output tokens.</param>
    public static Price PerMillion(decimal prompt, decimal completion) => new() { Prompt = prompt, Completion = completion };

    /// <summary>What the tokens cost, rounded once, at the end, to the nearest nano-dollar.</summary>
    /// <param name="usage">The tokens of one attempt.</param>
    public NanoUsd CostOf(in TokenUsage usage)
    {
        var perMillion =
            usage.Input * Prompt
            + usage.Output * Completion
            + Part(usage.CacheRead, CacheRead, Prompt)
            + Part(usage.CacheWrite, CacheWrite, Prompt)
            + Part(usage.CacheWrite1h, CacheWrite1h ?? CacheWrite, Prompt)
            + Part(usage.AudioInput, AudioInput, Prompt)
            + Part(usage.ImageInput, ImageInput, Prompt)
            + Part(usage.Reasoning, Reasoning, Completion)
            + Part(usage.AudioOutput, AudioOutput, Completion)
            + Part(usage.ImageOutput, ImageOutput, Completion);

        return NanoUsd.FromFraction(perMillion * NanoUsdPerTokenFactor) + NanoUsd.FromUsd(Request);
    }

    private static decimal Part(long tokens, decimal? price, decimal fallback) => tokens == 0 ? 0 : tokens * (price ?? fallback);
}

namespace MeaiRouter.Policies;

/// <summary>The most an endpoint may charge. An endpoint whose price is unknown is above every ceiling.</summary>
public sealed record PriceCeiling
{
    /// <summary>US dollars per million input tokens; <see langword="null"/> for no limit.</summary>
    public decimal? Prompt { get; init; }

    /// <summary>US dollars per million output tokens; <see langword="null"/> for no limit.</summary>
    public decimal? Completion { get; init; }

    /// <summary>US dollars per request; <see langword="null"/> for no limit.</summary>
    public decimal? Request { get; init; }

    /// <summary>
    /// US dollars per image of the prompt, taken as 1,000 image tokens where the price is per token; <see langword="null"/> for no limit.
    /// </summary>
    public decimal? Image { get; init; }

    /// <summary>US dollars per million audio input tokens; <see langword="null"/> for no limit.</summary>
    public decimal? Audio { get; init; }

    /// <summary>The lower of two ceilings in each of their parts; <see langword="null"/> if both are.</summary>
    /// <param name="left">A ceiling, or none.</param>
    /// <param name="right">Another, or none.</param>
    public static PriceCeiling? Lowest(PriceCeiling? left, PriceCeiling? right) => (left, right) switch
    {
        (null, _) => right,
        (_, null) => left,
        _ => new PriceCeiling
        {
            Prompt = Lower(left.Prompt, right.Prompt),
            Completion = Lower(left.Completion, right.Completion),
            Request = Lower(left.Request, right.Request),
            Image = Lower(left.Image, right.Image),
            Audio = Lower(left.Audio, right.Audio),
        },
    };

    private static decimal? Lower(decimal? left, decimal? right) =>
        left is { } l && right is { } r ? Math.Min(l, r) : left ?? right;
}

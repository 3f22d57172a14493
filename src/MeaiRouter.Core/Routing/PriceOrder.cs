namespace MeaiRouter.Routing;

/// <summary>The order in which strategies are promised their candidates: cheapest first, unpriced ones last.</summary>
internal static class PriceOrder
{
    /// <summary>Restores it where the endpoints of several models are sorted together; equal prices keep their order.</summary>
    public static void Apply(Span<Candidate> candidates) =>
        CandidateOrder.ByScore(candidates, static candidate => candidate.Weights?.Blended ?? double.PositiveInfinity);
}

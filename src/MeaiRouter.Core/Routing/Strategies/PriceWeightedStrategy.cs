namespace MeaiRouter.Routing;

/// <summary>Prefers cheap endpoints in proportion to the inverse square of their price.</summary>
/// <remarks>
/// OpenRouter's classic default: at prices 1 and 3 the cheap one is drawn first nine times out of ten. The draw decides only who goes
/// first; the others follow cheapest first. A free endpoint beats every priced one, and an unpriced one comes last. Endpoints with an
/// outage in the last 30 s take no part in the draw and come after the others.
/// </remarks>
internal sealed class PriceWeightedStrategy : IRoutingStrategy
{
    public string Name => "price-weighted";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        var stable = MoveOutagesBack(candidates);
        DrawFirst(candidates[..stable], request.Seed);
    }

    /// <summary>How many have had no outage lately; they come first.</summary>
    private static int MoveOutagesBack(Span<Candidate> candidates)
    {
        var troubled = 0;
        foreach (ref readonly var candidate in candidates)
            troubled += candidate.Health.HadRecentOutage ? 1 : 0;
        if (troubled > 0)
            CandidateOrder.ByScore(candidates, static candidate => candidate.Health.HadRecentOutage ? 1 : 0);
        return candidates.Length - troubled;
    }

    private static void DrawFirst(Span<Candidate> candidates, ulong seed)
    {
        // The catalogue hands candidates out cheapest first, so free ones lead and unpriced ones trail.
        if (candidates.Length < 2 || candidates[0].Weights is not { Blended: > 0 } cheapest)
            return;

        Span<double> cumulated = candidates.Length <= 128 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        var total = 0.0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var ratio = candidates[i].Weights is { } price ? cheapest.Blended / price.Blended : 0;
            cumulated[i] = total += ratio * ratio;
        }

        var draw = new SeededRandom(seed).NextDouble() * total;
        var first = 0;
        while (cumulated[first] <= draw)
            first++;

        MoveToFront(candidates, first);
    }

    private static void MoveToFront(Span<Candidate> candidates, int index)
    {
        var chosen = candidates[index];
        candidates[..index].CopyTo(candidates[1..]);
        candidates[0] = chosen;
    }
}

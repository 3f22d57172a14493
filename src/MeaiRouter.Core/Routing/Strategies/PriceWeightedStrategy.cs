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
        CandidateOrder.ByScore(candidates, static candidate => candidate.Health.HadRecentOutage ? 1 : 0);
        var stable = 0;
        while (stable < candidates.Length && !candidates[stable].Health.HadRecentOutage)
            stable++;

        DrawFirst(candidates[..stable], request.Seed);
    }

    private static void DrawFirst(Span<Candidate> candidates, ulong seed)
    {
        // The catalogue hands candidates out cheapest first, so free ones lead and unpriced ones trail.
        if (candidates.Length < 2 || candidates[0].Price is not > 0)
            return;

        Span<double> cumulated = candidates.Length <= 64 ? stackalloc double[candidates.Length] : new double[candidates.Length];
        var cheapest = candidates[0].Price!.Value;
        var total = 0.0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var ratio = candidates[i].Price is { } price ? (double)(cheapest / price) : 0;
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

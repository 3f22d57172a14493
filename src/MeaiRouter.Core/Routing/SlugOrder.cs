namespace MeaiRouter.Routing;

/// <summary>The order a request asks for: what its slugs name comes first, the others keep the order they are in.</summary>
internal static class SlugOrder
{
    public static void Apply(Span<Candidate> candidates, IReadOnlyList<string> slugs)
    {
        var placed = 0;
        foreach (var slug in slugs)
        {
            for (var i = placed; i < candidates.Length; i++)
            {
                if (!EndpointSlugs.Matches(candidates[i].Endpoint, slug))
                    continue;

                // Shift instead of swap, so that the rest stays cheapest first.
                var candidate = candidates[i];
                candidates[placed..i].CopyTo(candidates[(placed + 1)..]);
                candidates[placed++] = candidate;
            }
        }
    }
}

namespace MeaiRouter.Routing;

/// <summary>What the router decided: which endpoints to try, in which order, and why the others are left out.</summary>
public sealed class RoutePlan
{
    internal RoutePlan(string requestedModel, Candidate[] candidates, IReadOnlyList<ExcludedEndpoint> excluded, string strategy, ulong seed)
    {
        RequestedModel = requestedModel;
        Candidates = candidates;
        Excluded = excluded;
        Strategy = strategy;
        Seed = seed;
    }

    /// <summary>The model as the request, or the default, named it.</summary>
    public string RequestedModel { get; }

    /// <summary>The endpoints to try, in order; never empty.</summary>
    public IReadOnlyList<Candidate> Candidates { get; }

    /// <summary>The endpoints of the requested models that are left out, each with its reason.</summary>
    public IReadOnlyList<ExcludedEndpoint> Excluded { get; }

    /// <summary>The name of the strategy that ordered the candidates, or <c>order</c> where the request did.</summary>
    public string Strategy { get; }

    /// <summary>The seed of every random choice in the plan.</summary>
    public ulong Seed { get; }

    /// <summary>The same plan with a candidate moved forward; those it passes keep their order.</summary>
    internal RoutePlan Advance(int from, int to)
    {
        if (from == to)
            return this;

        Candidate[] candidates = [.. Candidates];
        candidates.AsSpan(to, from - to).CopyTo(candidates.AsSpan(to + 1));
        candidates[to] = Candidates[from];
        return new RoutePlan(RequestedModel, candidates, Excluded, Strategy, Seed);
    }
}

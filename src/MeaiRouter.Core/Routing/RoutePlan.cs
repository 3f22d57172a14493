namespace MeaiRouter.Routing;

/// <summary>What the router decided: which endpoints to try, in which order, and why the others are left out.</summary>
public sealed class RoutePlan
{
    internal RoutePlan(
        string requestedModel, Candidate[] candidates, IReadOnlyList<ExcludedEndpoint> excluded, string strategy, ulong seed, Preset? preset)
    {
        RequestedModel = requestedModel;
        Candidates = candidates;
        Excluded = excluded;
        Strategy = strategy;
        Seed = seed;
        Preset = preset;
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

    /// <summary>The preset whose instructions and sampling the request is to be given; <see langword="null"/> for none.</summary>
    internal Preset? Preset { get; }

    /// <summary>Whether a conversation may be kept with its endpoint: not where the request gives an order or a sort of its own.</summary>
    internal bool AllowsAffinity { get; init; }

    /// <summary>Whether a client outside the catalogue may answer: not where something must be known of whoever does.</summary>
    internal bool AllowsBackups { get; init; }

    /// <summary>One line for each candidate and each excluded endpoint.</summary>
    public override string ToString()
    {
        var lines = new List<string> { $"{RequestedModel} {Strategy} {Seed}" };
        lines.AddRange(Candidates.Select(static candidate => $"{candidate.Model} at {candidate.Endpoint}"));
        lines.AddRange(Excluded.Select(static excluded => $"{excluded.Model} at {excluded.Endpoint}: left out by {excluded.Filter}. {excluded.Reason}"));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>The same plan with a candidate moved forward; those it passes keep their order.</summary>
    internal RoutePlan Advance(int from, int to)
    {
        if (from == to)
            return this;

        Candidate[] candidates = [.. Candidates];
        candidates.AsSpan(to, from - to).CopyTo(candidates.AsSpan(to + 1));
        candidates[to] = Candidates[from];
        return new RoutePlan(RequestedModel, candidates, Excluded, Strategy, Seed, Preset) { AllowsAffinity = AllowsAffinity, AllowsBackups = AllowsBackups };
    }
}

using MeaiRouter.Catalog;
using MeaiRouter.Routing.Filters;

namespace MeaiRouter.Routing;

/// <summary>What the router decided: which endpoints to try, in which order, and why the others are left out.</summary>
public sealed class RoutePlan
{
    internal RoutePlan()
    {
    }

    /// <summary>The model as the request, or the default, named it.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>
    /// The endpoints to try, in order; empty only in the plan of a request that no endpoint may serve. An endpoint stands there once for each key it may be called with.
    /// </summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>The endpoints of the requested models that are left out, each with its reason.</summary>
    public required IReadOnlyList<ExcludedEndpoint> Excluded { get; init; }

    /// <summary>The name of the strategy that ordered the candidates, or <c>order</c> where the request did.</summary>
    public required string Strategy { get; init; }

    /// <summary>The seed of every random choice in the plan.</summary>
    public required ulong Seed { get; init; }

    /// <summary>What in the request could not be followed, and why the conversation stays where it is, as sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the request, or its preset, asks of routing.</summary>
    internal RoutingPreferences Preferences { get; init; } = RoutingPreferences.None;

    /// <summary>What the request says for single models.</summary>
    internal ModelTerms[] Terms { get; init; } = [];

    /// <summary>The caller's keys; <see langword="null"/> for none.</summary>
    internal CallerKeys? Keys { get; init; }

    /// <summary>The preset whose instructions and sampling the request is to be given; <see langword="null"/> for none.</summary>
    internal Preset? Preset { get; init; }

    /// <summary>Whether a client outside the catalogue may answer: not where something must be known of whoever does.</summary>
    internal bool AllowsBackups { get; init; }

    /// <summary>Whether the request might have gone to either of two providers, who cannot read what the other keeps.</summary>
    internal bool SpansProviders
    {
        get
        {
            for (var i = 1; i < Candidates.Count; i++)
            {
                if (Differs(Candidates[i].Endpoint))
                    return true;
            }

            // Whom only `allow_fallbacks: false` leaves out now may be the one chosen next time.
            for (var i = 0; i < Excluded.Count; i++)
            {
                if (Excluded[i].Filter == NoFallbacksFilter.FilterName && Differs(Excluded[i].Endpoint))
                    return true;
            }

            return false;

            bool Differs(ModelEndpoint endpoint) => !endpoint.Provider.Equals(Candidates[0].Endpoint.Provider, StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Whether a conversation may be kept with an endpoint of the plan.</summary>
    internal bool AllowsAffinity => Terms.Length > 0 || LeavesOrder(Preferences);

    /// <summary>One line for each candidate, each excluded endpoint and each note.</summary>
    public override string ToString()
    {
        var lines = new List<string> { $"{RequestedModel} {Strategy} {Seed}" };
        lines.AddRange(Candidates.Select(static candidate => candidate.Description));
        lines.AddRange(Excluded.Select(static excluded => $"{excluded.Model} at {excluded.Endpoint}: left out by {excluded.Filter}. {excluded.Reason}"));
        lines.AddRange(Notes);
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>What is asked of routing for one of the models.</summary>
    internal RoutingPreferences PreferencesFor(Model model) => TermsOf(model)?.Preferences ?? Preferences;

    /// <summary>What the request says for the model alone; <see langword="null"/> for nothing.</summary>
    internal ModelFallback? OverrideFor(Model? model) => TermsOf(model)?.Override;

    /// <summary>Whether a conversation with the model may be kept with its endpoint: not where the request gives an order or a sort of its own.</summary>
    internal bool MayStay(Model model) => LeavesOrder(PreferencesFor(model));

    /// <summary>The section a candidate belongs to.</summary>
    internal KeySection SectionOf(int index) => Keys?.SectionOf(Candidates[index]) ?? KeySection.Shared;

    /// <summary>The same plan with a candidate moved forward; those it passes keep their order.</summary>
    internal RoutePlan Advance(int from, int to)
    {
        if (from == to)
            return this;

        Candidate[] candidates = [.. Candidates];
        candidates.AsSpan(to, from - to).CopyTo(candidates.AsSpan(to + 1));
        candidates[to] = Candidates[from];
        return With(candidates, Excluded, Notes);
    }

    /// <summary>The same plan with other notes.</summary>
    internal RoutePlan WithNotes(IReadOnlyList<string> notes) => notes.Count == Notes.Count ? this : With(Candidates, Excluded, notes);

    /// <summary>
    /// The plan without those whom <c>allow_fallbacks: false</c> leaves out: all but the first candidate or, where only the entry of a model says it,
    /// all but the first of that model. To be done last, when it is certain who is first.
    /// </summary>
    internal RoutePlan WithoutFallbacks()
    {
        var isForAll = ForbidsFallbacks(Preferences);
        if (!isForAll && !Array.Exists(Terms, static terms => ForbidsFallbacks(terms.Preferences)))
            return this;

        var kept = new List<Candidate> { Candidates[0] };
        var excluded = new List<ExcludedEndpoint>(Excluded);
        for (var i = 1; i < Candidates.Count; i++)
        {
            var candidate = Candidates[i];
            var isCut = isForAll || (ForbidsFallbacks(PreferencesFor(candidate.Model)) && kept.Exists(other => ReferenceEquals(other.Model, candidate.Model)));
            if (isCut)
                excluded.Add(new(candidate.Model, candidate.Endpoint, NoFallbacksFilter.FilterName, NoFallbacksFilter.Reason));
            else
                kept.Add(candidate);
        }

        return With([.. kept], excluded, Notes);
    }

    // With an order it is a filter: whatever the order names may be tried.
    private static bool ForbidsFallbacks(RoutingPreferences preferences) => preferences is { AllowFallbacks: false, Order.Count: 0 };

    private static bool LeavesOrder(RoutingPreferences preferences) => preferences is { Order.Count: 0, Sort: null };

    private ModelTerms? TermsOf(Model? model)
    {
        foreach (var terms in Terms)
        {
            if (ReferenceEquals(terms.Model, model))
                return terms;
        }

        return null;
    }

    private RoutePlan With(IReadOnlyList<Candidate> candidates, IReadOnlyList<ExcludedEndpoint> excluded, IReadOnlyList<string> notes) => new()
    {
        RequestedModel = RequestedModel,
        Candidates = candidates,
        Excluded = excluded,
        Strategy = Strategy,
        Seed = Seed,
        Notes = notes,
        Preferences = Preferences,
        Terms = Terms,
        Keys = Keys,
        Preset = Preset,
        AllowsBackups = AllowsBackups,
    };
}

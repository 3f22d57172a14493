using MeaiRouter.Catalog;
using MeaiRouter.Routing.Filters;
using MeaiRouter.Routing.Resolution;

namespace MeaiRouter.Routing;

/// <summary>
/// Turns a request into a plan: resolves its names, filters the endpoints, orders what is left. Pure: the same catalogue, request, health
/// and seed give the same plan.
/// </summary>
/// <param name="catalog">The models.</param>
/// <param name="options">How to route where the request does not say.</param>
/// <param name="providers">The providers that can be called; <see langword="null"/> if nobody knows.</param>
internal sealed class RoutePlanner(ModelCatalog catalog, RoutingOptions options, IProviderSet? providers = null)
{
    // OpenRouter's example of an answer's length, for requests that set no limit.
    private const int UsualOutputTokens = 500;

    private readonly ModelResolver _resolver = new(catalog, options);
    private readonly EndpointSelector _selector = new(options);
    private readonly EndpointNames _names = new(catalog);

    /// <summary>Whether the catalogue has the model.</summary>
    public bool Knows(string model) => catalog.Find(model) is not null;

    /// <summary>Plans a request. What <c>allow_fallbacks: false</c> cuts off is still in the plan.</summary>
    public RoutePlan Plan(in PlanRequest request)
    {
        var resolved = _resolver.Resolve(request.ModelId, request.Preferences);
        var preferences = resolved.Preferences;
        var keys = request.Keys.Count > 0 ? new CallerKeys(request.Keys, providers) : null;
        var described = _selector.Describe(resolved, request, keys);
        var isOneList = preferences.Sort?.Partition == SortPartition.None && resolved.Models.Length > 1;
        var candidates = new Candidate[resolved.Endpoints * (keys?.MostCopies ?? 1)];
        var count = 0;
        List<ExcludedEndpoint>? excluded = null;
        var seeds = new SeededRandom(request.Seed);
        var strategy = "";

        foreach (ref readonly var routed in resolved.Models.AsSpan())
        {
            var own = _selector.Describe(described, routed, request.Messages);
            var selected = EndpointSelector.Select(own, candidates.AsSpan(count), ref excluded);
            if (keys is not null)
                selected = keys.AddCopies(candidates.AsSpan(count), selected, options.Health, ref excluded);

            // Whoever probes an endpoint that may have recovered must be able to turn to another one.
            var mayProbe = request.MayProbe && count == 0 && routed.Preferences.AllowFallbacks is not false;
            if (!isOneList)
            {
                var by = Order(candidates.AsSpan(count, selected), routed, own, keys, seeds.Next(), mayProbe);
                strategy = strategy.Length == 0 ? by : strategy;
            }

            count += selected;
        }

        var notes = Notes(resolved, keys);
        if (count == 0)
            throw NoEndpoint.Refusal(DescribeAll(described, resolved, request), excluded ?? (IReadOnlyList<ExcludedEndpoint>)[], notes);

        var chosen = candidates.AsSpan(0, count);
        if (isOneList)
        {
            ref readonly var first = ref resolved.Models[0];
            PriceOrder.Apply(chosen);
            var mayProbe = request.MayProbe && preferences.AllowFallbacks is not false;
            strategy = Order(chosen, first, _selector.Describe(described, first, request.Messages), keys, seeds.Next(), mayProbe);
        }

        PreferredLimits.MoveMissesToEnd(chosen, resolved.Models, keys);
        if (count < candidates.Length)
            Array.Resize(ref candidates, count);

        return new RoutePlan
        {
            RequestedModel = resolved.RequestedModel,
            Candidates = candidates,
            Excluded = excluded ?? (IReadOnlyList<ExcludedEndpoint>)[],
            Strategy = strategy,
            Seed = request.Seed,
            Notes = notes ?? (IReadOnlyList<string>)[],
            Preferences = preferences,
            Terms = resolved.Terms,
            Keys = keys,
            Preset = resolved.Preset,
            AllowsBackups = AllowsBackups(resolved, request),
        };
    }

    /// <summary>Orders endpoints that are chosen among together and says by what.</summary>
    private static string Order(
        Span<Candidate> candidates, in RoutedModel routed, in FilterRequest request, CallerKeys? keys, ulong seed, bool mayProbe)
    {
        var hasKeys = keys is not null && CallerKeys.AreUsedBy(candidates);
        if (routed.Preferences.Order.Count > 0)
        {
            SlugOrder.Apply(candidates, routed.Preferences.Order);
            if (hasKeys)
                OrderBySection(candidates, keys!);
            return "order";
        }

        // OpenRouter: whoever brings a key of his own has chosen, and nothing is balanced.
        var strategy = hasKeys && routed.Strategy is BalancedStrategy ? RoutingStrategies.Price : routed.Strategy;
        var known = new RouteRequest(seed)
        {
            PromptTokens = request.PromptTokens,
            OutputTokens = request.Options?.MaxOutputTokens ?? UsualOutputTokens,
            HasTools = request.Options?.Tools is { Count: > 0 },
            MayProbe = mayProbe,
        };
        strategy.Order(candidates, known);

        // OpenRouter: who asks for priority gets it first, and otherwise what there is.
        if (request.AskedTier == ServiceTiers.Priority && request.Model.HasServiceTiers)
            CandidateOrder.ByScore(candidates, static candidate => EndpointSlugs.TierOf(candidate.Endpoint) == ServiceTiers.Priority ? 0 : 1);
        if (request.Compresses)
            MoveCompressedToEnd(candidates, request);
        if (hasKeys)
            OrderSections(candidates, keys!, known);
        else
            HealthOrder.Apply(candidates, known);
        return strategy.Name;
    }

    private static void MoveCompressedToEnd(Span<Candidate> candidates, FilterRequest request) =>
        CandidateOrder.ByScore(candidates, candidate => ContextLengthFilter.Fits(candidate, request) ? 0 : 1);

    // Health reorders within a section. Only the first endpoint of a plan can be a probe.
    private static void OrderSections(Span<Candidate> candidates, CallerKeys keys, RouteRequest known)
    {
        OrderBySection(candidates, keys);
        for (var (start, end) = (0, 0); start < candidates.Length; start = end)
        {
            while (end < candidates.Length && keys.SectionOf(candidates[end]) == keys.SectionOf(candidates[start]))
                end++;
            HealthOrder.Apply(candidates[start..end], known with { MayProbe = known.MayProbe && start == 0 });
        }
    }

    private static void OrderBySection(Span<Candidate> candidates, CallerKeys keys) =>
        CandidateOrder.ByScore(candidates, candidate => (int)keys.SectionOf(candidate));

    private List<string>? Notes(in ResolvedRequest resolved, CallerKeys? keys)
    {
        List<string>? notes = null;
        NoteUnknown(resolved.Preferences, ref notes);
        foreach (var terms in resolved.Terms)
        {
            if (terms.Override.Preferences is { } own)
                NoteUnknown(own, ref notes);
        }

        foreach (var key in keys?.Unusable ?? [])
        {
            if (!_names.NoteUnknownProvider(key.Provider, ref notes))
                (notes ??= []).Add($"The client of '{key.Provider}' takes no key of the caller's.");
        }

        return notes;
    }

    private void NoteUnknown(RoutingPreferences preferences, ref List<string>? notes)
    {
        _names.NoteUnknown("order", preferences.Order, ref notes);
        _names.NoteUnknown("only", preferences.Only, ref notes);
        _names.NoteUnknown("ignore", preferences.Ignore, ref notes);
    }

    private bool AllowsBackups(in ResolvedRequest resolved, in PlanRequest request)
    {
        if (options.Policy is not null)
            return false;

        foreach (ref readonly var routed in resolved.Models.AsSpan())
        {
            if (!BackupRule.Allows(routed.Preferences, request.Policies, request.DataClasses))
                return false;
        }

        return true;
    }

    private FilterRequest[] DescribeAll(FilterRequest described, ResolvedRequest resolved, PlanRequest request) =>
        [.. resolved.Models.Select(routed => _selector.Describe(described, routed, request.Messages))];
}

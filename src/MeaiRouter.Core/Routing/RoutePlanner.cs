using MeaiRouter.Catalog;
using MeaiRouter.Routing.Filters;
using MeaiRouter.Routing.Resolution;

namespace MeaiRouter.Routing;

/// <summary>
/// Turns a request into a plan: resolves its names, filters the endpoints, orders what is left. Pure: the same catalogue, request, health
/// and seed give the same plan.
/// </summary>
internal sealed class RoutePlanner(ModelCatalog catalog, RoutingOptions options)
{
    // OpenRouter's example of an answer's length, for requests that set no limit.
    private const int UsualOutputTokens = 500;

    private readonly ModelResolver _resolver = new(catalog, options);
    private readonly EndpointSelector _selector = new(options);

    public RoutePlan Plan(in PlanRequest request)
    {
        var resolved = _resolver.Resolve(request.ModelId, request.Preferences);
        var preferences = resolved.Preferences;
        var described = _selector.Describe(resolved, request);
        var isOneList = preferences.Sort?.Partition == SortPartition.None && resolved.Models.Length > 1;
        var candidates = new Candidate[resolved.Endpoints];
        var count = 0;
        List<ExcludedEndpoint>? excluded = null;
        var seeds = new SeededRandom(request.Seed);

        // Whoever probes an endpoint that may have recovered must be able to turn to another one.
        var mayProbe = request.MayProbe && preferences.AllowFallbacks is not false;

        foreach (ref readonly var routed in resolved.Models.AsSpan())
        {
            var own = _selector.Describe(described, routed, request.Messages);
            var selected = EndpointSelector.Select(own, candidates.AsSpan(count), ref excluded);
            if (!isOneList)
                Order(candidates.AsSpan(count, selected), preferences, routed.Strategy, own, seeds.Next(), mayProbe && count == 0);
            count += selected;
        }

        if (count == 0)
            throw NoEndpoint.Refusal(DescribeAll(described, resolved, request), excluded ?? (IReadOnlyList<ExcludedEndpoint>)[]);

        var chosen = candidates.AsSpan(0, count);
        if (isOneList)
        {
            PriceOrder.Apply(chosen);
            Order(chosen, preferences, resolved.Models[0].Strategy, _selector.Describe(described, resolved.Models[0], request.Messages), seeds.Next(), mayProbe);
        }

        if (preferences.Order.Count == 0)
            PreferredLimits.MoveMissesToEnd(chosen, preferences.PreferredMinThroughput, preferences.PreferredMaxLatency);

        if (preferences is { AllowFallbacks: false, Order.Count: 0 })
            count = KeepFirst(chosen, ref excluded);
        if (count < candidates.Length)
            Array.Resize(ref candidates, count);

        var strategy = preferences.Order.Count > 0 ? "order" : resolved.Models[0].Strategy.Name;
        return new RoutePlan(
            resolved.RequestedModel, candidates, excluded ?? (IReadOnlyList<ExcludedEndpoint>)[], strategy, request.Seed, resolved.Preset)
        {
            AllowsAffinity = preferences is { Order.Count: 0, Sort: null },
            AllowsBackups = options.Policy is null && BackupRule.Allows(preferences, request.Policies, request.DataClasses),
        };
    }

    private static void Order(
        Span<Candidate> candidates, RoutingPreferences preferences, IRoutingStrategy strategy, in FilterRequest request, ulong seed, bool mayProbe)
    {
        if (preferences.Order.Count > 0)
        {
            SlugOrder.Apply(candidates, preferences.Order);
            return;
        }

        var routed = new RouteRequest(seed)
        {
            PromptTokens = request.PromptTokens,
            OutputTokens = request.Options?.MaxOutputTokens ?? UsualOutputTokens,
            HasTools = request.Options?.Tools is { Count: > 0 },
            MayProbe = mayProbe,
        };
        strategy.Order(candidates, routed);
        HealthOrder.Apply(candidates, routed);
    }

    private static int KeepFirst(ReadOnlySpan<Candidate> candidates, ref List<ExcludedEndpoint>? excluded)
    {
        foreach (ref readonly var candidate in candidates[1..])
            (excluded ??= []).Add(new ExcludedEndpoint(candidate.Model, candidate.Endpoint, NoFallbacksFilter.FilterName, NoFallbacksFilter.Reason));
        return 1;
    }

    private FilterRequest[] DescribeAll(FilterRequest described, ResolvedRequest resolved, PlanRequest request) =>
        [.. resolved.Models.Select(routed => _selector.Describe(described, routed, request.Messages))];
}

using System.Collections.Frozen;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing;

/// <summary>Turns a model name and preferences into a plan. Pure: the same catalogue, request and seed give the same plan.</summary>
internal sealed class RoutePlanner(ModelCatalog catalog, RoutingOptions options)
{
    // Looked up once: what a request costs does not depend on how many models the catalogue holds.
    private readonly FrozenDictionary<string, Candidate[]> _candidates = catalog.Models.ToFrozenDictionary(
        model => model.Id,
        model => model.Endpoints.Select(endpoint => new Candidate(model, endpoint, options.Health.For(model, endpoint))).ToArray());

    public RoutePlan Plan(string? modelId, RoutingPreferences preferences, ulong seed)
    {
        var names = RequestedModels(modelId, preferences);
        var models = Find(names);
        var endpoints = 0;
        foreach (var model in models)
            endpoints += model.Endpoints.Count;

        var candidates = new Candidate[endpoints];
        var count = 0;
        List<ExcludedEndpoint>? excluded = null;
        var seeds = new SeededRandom(seed);

        foreach (var model in models)
        {
            var start = count;
            foreach (ref readonly var candidate in _candidates[model.Id].AsSpan())
            {
                if (Exclusion(candidate, preferences) is { } exclusion)
                    (excluded ??= []).Add(exclusion);
                else
                    candidates[count++] = candidate;
            }

            var own = candidates.AsSpan(start, count - start);
            if (preferences.Order.Count > 0)
                OrderBySlugs(own, preferences.Order);
            else
                options.Strategy.Order(own, new RouteRequest(seeds.Next()));
            if (preferences.Order.Count == 0)
                HealthOrder.Apply(own, new RouteRequest(seeds.Next()) { MayProbe = start == 0 && preferences.AllowFallbacks });
        }

        if (!preferences.AllowFallbacks)
            count = DropFallbacks(candidates.AsSpan(0, count), preferences, ref excluded);
        if (count == 0)
            throw NoEndpoint(names, excluded);
        Array.Resize(ref candidates, count);

        var strategy = preferences.Order.Count > 0 ? "order" : options.Strategy.Name;
        return new RoutePlan(names[0], candidates, excluded ?? (IReadOnlyList<ExcludedEndpoint>)[], strategy, seed);
    }

    private IReadOnlyList<string> RequestedModels(string? modelId, RoutingPreferences preferences)
    {
        var first = string.IsNullOrWhiteSpace(modelId) ? null : modelId;
        if (first is null && preferences.Models.Count == 0)
        {
            first = options.DefaultModel ?? throw new RouterException(
                FailureKind.InvalidRequest,
                "The request names no model. Set ChatOptions.ModelId or RoutingPreferences.Models, or give RoutingOptions a DefaultModel.");
        }

        if (first is null)
            return [.. preferences.Models.Distinct(StringComparer.OrdinalIgnoreCase)];
        return preferences.Models.Count == 0
            ? [first]
            : [.. preferences.Models.Prepend(first).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    // An alias and the id behind it are two names and one model.
    private Model[] Find(IReadOnlyList<string> names) =>
        names.Count == 1 ? [Find(names[0])] : [.. names.Select(Find).DistinctBy(model => model.Id)];

    private Model Find(string name) => catalog.Find(name) ?? throw new RouterException(
        FailureKind.UnknownModel,
        $"'{name}' is not a model of the catalogue.{catalog.Hint(name)}");

    private static ExcludedEndpoint? Exclusion(in Candidate candidate, RoutingPreferences preferences)
    {
        if (preferences.Only.Count > 0 && !MatchesAny(candidate.Endpoint, preferences.Only))
            return Exclude(candidate, "only", $"Not among the allowed: {string.Join(", ", preferences.Only)}.");
        if (MatchesAny(candidate.Endpoint, preferences.Ignore))
            return Exclude(candidate, "ignore", "The request ignores it.");
        return null;
    }

    private static ExcludedEndpoint Exclude(in Candidate candidate, string filter, string reason) =>
        new(candidate.Model, candidate.Endpoint, filter, reason);

    private static void OrderBySlugs(Span<Candidate> candidates, IReadOnlyList<string> order)
    {
        var placed = 0;
        foreach (var slug in order)
        {
            for (var i = placed; i < candidates.Length; i++)
            {
                if (!Matches(candidates[i].Endpoint, slug))
                    continue;

                // Shift instead of swap, so that the rest stays cheapest first.
                var candidate = candidates[i];
                candidates[placed..i].CopyTo(candidates[(placed + 1)..]);
                candidates[placed++] = candidate;
            }
        }
    }

    /// <summary>Moves what stays to the front and returns how many that are.</summary>
    private static int DropFallbacks(Span<Candidate> candidates, RoutingPreferences preferences, ref List<ExcludedEndpoint>? excluded)
    {
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[i];
            if (preferences.Order.Count > 0 ? MatchesAny(candidate.Endpoint, preferences.Order) : i == 0)
                candidates[kept++] = candidate;
            else
                (excluded ??= []).Add(Exclude(candidate, "allow_fallbacks", "The request allows no fallbacks."));
        }

        return kept;
    }

    private static bool MatchesAny(ModelEndpoint endpoint, IReadOnlyList<string> slugs)
    {
        for (var i = 0; i < slugs.Count; i++)
        {
            if (Matches(endpoint, slugs[i]))
                return true;
        }

        return false;
    }

    private static bool Matches(ModelEndpoint endpoint, string slug) =>
        endpoint.Tag.StartsWith(slug, StringComparison.OrdinalIgnoreCase)
        && (endpoint.Tag.Length == slug.Length || endpoint.Tag[slug.Length] == '/');

    private static RouterException NoEndpoint(IReadOnlyList<string> names, List<ExcludedEndpoint>? excluded)
    {
        var reasons = excluded is null
            ? "The catalogue has no endpoint for it."
            : string.Join(" ", excluded.Select(e => $"{e.Endpoint} ({e.Filter}): {e.Reason}"));
        return new RouterException(FailureKind.NoEndpoint, $"No endpoint may serve {string.Join(", ", names)}. {reasons}");
    }
}

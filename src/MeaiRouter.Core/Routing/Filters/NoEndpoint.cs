using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Filters;

/// <summary>Says why nothing is left, and what alone would have helped.</summary>
internal static class NoEndpoint
{
    /// <summary>The refusal of a request whose every endpoint was rejected.</summary>
    /// <param name="models">The request as the filters saw it, for each of its models.</param>
    /// <param name="excluded">The endpoints, each with the filter that rejected it first.</param>
    /// <param name="notes">What else is wrong with the request, such as misspelt names; <see langword="null"/> for nothing.</param>
    public static RouterException Refusal(IReadOnlyList<FilterRequest> models, IReadOnlyList<ExcludedEndpoint> excluded, IReadOnlyList<string>? notes)
    {
        var filters = EndpointFilters.All.Where(filter => excluded.Any(endpoint => endpoint.Filter == filter.Name)).ToList();
        var reasons = excluded.Count == 0
            ? " The catalogue has no endpoint for it."
            : string.Concat(excluded.GroupBy(static e => (e.Filter, e.Reason), static e => e.Endpoint).Select(Describe)) + Remedy(models, filters);
        var said = string.Concat((notes ?? []).Select(static note => " " + note));
        return new RouterException(
            FailureKind.NoEndpoint, $"No endpoint may serve {string.Join(", ", models.Select(static model => model.Model.Model.Id))}.{reasons}{said}")
        {
            Route = new RoutePlan
            {
                RequestedModel = models[0].Model.Model.Id,
                Candidates = [],
                Excluded = excluded,
                Strategy = "",
                Seed = 0,
                Notes = notes ?? [],
            },

            // Endpoints of a service tier wait for those who ask for it: that is why nothing is left only where there are no others.
            ExcludedBy = [.. filters.Where(filter => filters.Count == 1 || filter is not ServiceTierFilter).Select(static filter => filter.ExcludedBy).Distinct()],
        };
    }

    // Of a model's many endpoints most are left out for the same reason.
    private static string Describe(IGrouping<(string Filter, string Reason), ModelEndpoint> group) =>
        $" {string.Join(", ", group.Distinct())} ({group.Key.Filter}): {group.Key.Reason}";

    private static string Remedy(IReadOnlyList<FilterRequest> models, IReadOnlyList<IEndpointFilter> filters)
    {
        var remedies = new List<string>();
        var hasOther = false;
        foreach (var filter in filters)
        {
            foreach (var group in models.GroupBy(model => filter.Remedy(model)))
            {
                var admitted = group.SelectMany(model => EndpointFilters.AdmittedWithout(filter, model)).ToList();
                if (admitted.Count > 0 && group.Key is { } remedy)
                    remedies.Add($"{remedy}, {admitted[0]}{(admitted.Count > 1 ? $" and {admitted.Count - 1} more" : "")} could");
                hasOther |= admitted.Count > 0;
            }
        }

        if (remedies.Count > 0)
            return $" {char.ToUpperInvariant(remedies[0][0])}{string.Join("; ", remedies)[1..]}.";

        // Where only the model is the wrong one, the reason says which would be right.
        return hasOther ? "" : " No single one of these rules stands in the way: at least two would have to give way.";
    }
}

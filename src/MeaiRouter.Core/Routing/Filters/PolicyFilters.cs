using MeaiRouter.Policies;

namespace MeaiRouter.Routing.Filters;

/// <summary>Those of the filters that policies alone can make reject an endpoint, whatever a request asks.</summary>
internal static class PolicyFilters
{
    private static readonly IEndpointFilter[] Filters =
    [
        new PolicyModelFilter(), new PolicyProviderFilter(), new ZeroRetentionFilter(), new TrainingFilter(), new RegionFilter(), new PriceCeilingFilter(),
    ];

    /// <summary>Whether all of the policies permit the candidate.</summary>
    public static bool Permit(in Candidate candidate, RoutingPolicy[] policies)
    {
        if (policies.Length == 0)
            return true;

        var request = new FilterRequest
        {
            Preferences = RoutingPreferences.None,
            Policies = policies,
            DataClasses = [],
            Options = null,
            Prompt = default,
        };
        foreach (var filter in Filters)
        {
            if (filter.AppliesTo(request) && filter.Reject(candidate, request) is not null)
                return false;
        }

        return true;
    }
}

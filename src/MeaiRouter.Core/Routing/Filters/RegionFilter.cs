namespace MeaiRouter.Routing.Filters;

/// <summary>The endpoint must be known to compute only in regions that every policy allows.</summary>
internal sealed class RegionFilter : IEndpointFilter
{
    public string Name => "data_region";

    public bool AppliesTo(in FilterRequest request) => Array.Exists(request.Policies, static policy => policy.Regions.Count > 0);

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var regions = candidate.Endpoint.Regions;
        foreach (var policy in request.Policies)
        {
            if (policy.Regions.Count == 0)
                continue;
            if (regions.Count == 0)
                return $"Its region is not known, and {policy.Name} allows {string.Join(", ", policy.Regions)} only. Set Regions of its provider.";
            if (!regions.All(region => policy.Regions.Contains(region, StringComparer.OrdinalIgnoreCase)))
                return $"It computes in {string.Join(", ", regions)}, and {policy.Name} allows {string.Join(", ", policy.Regions)} only.";
        }

        return null;
    }
}

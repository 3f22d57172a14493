namespace MeaiRouter.Routing.Filters;

/// <summary>Every policy must permit the provider.</summary>
internal sealed class PolicyProviderFilter : IEndpointFilter
{
    public string Name => "policy_providers";

    public string ExcludedBy => "allowed_providers";

    public bool AppliesTo(in FilterRequest request) =>
        Array.Exists(request.Policies, static policy => policy.AllowedProviders.Count > 0 || policy.IgnoredProviders.Count > 0);

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        foreach (var policy in request.Policies)
        {
            if (policy.AllowedProviders.Count > 0 && !EndpointSlugs.CoveredByAny(candidate.Endpoint, policy.AllowedProviders))
                return $"Its provider is not among those {policy.Name} allows: {string.Join(", ", policy.AllowedProviders)}.";
            if (EndpointSlugs.CoveredByAny(candidate.Endpoint, policy.IgnoredProviders))
                return $"Its provider is one that {policy.Name} forbids.";
        }

        return null;
    }
}

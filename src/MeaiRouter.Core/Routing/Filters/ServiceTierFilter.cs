namespace MeaiRouter.Routing.Filters;

/// <summary>Endpoints of a service tier serve only those who ask for it, and who asks for flex is served by nobody else.</summary>
/// <remarks>OpenRouter: flex has no fallback, but where the model has no flex endpoint the request is routed as usual.</remarks>
internal sealed class ServiceTierFilter : IEndpointFilter
{
    public string Name => "service_tier";

    public bool AppliesTo(in FilterRequest request) => request.Model.HasServiceTiers;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var tier = EndpointSlugs.TierOf(candidate.Endpoint);
        if (request.AskedTier == ServiceTiers.Flex && request.Model.HasFlex && tier != ServiceTiers.Flex)
            return "It is not of the service tier flex, which the request asks for.";

        return (tier & ~request.Tiers) == ServiceTiers.None
            || EndpointSlugs.NamesExactly(candidate.Endpoint, request.Preferences.Order)
            || EndpointSlugs.NamesExactly(candidate.Endpoint, request.Preferences.Only)
            ? null
            : $"Its service tier must be asked for: by service_tier, by {(tier == ServiceTiers.Priority ? ":nitro" : ":floor")}, or by its whole slug.";
    }

    public string? Remedy(in FilterRequest request) => request.AskedTier == ServiceTiers.Flex ? "without service_tier" : "with its service tier asked for";
}

namespace MeaiRouter.Routing.Filters;

/// <summary>Endpoints of a service tier serve only those who ask for it.</summary>
internal sealed class ServiceTierFilter : IEndpointFilter
{
    public string Name => "service_tier";

    public bool AppliesTo(in FilterRequest request) => request.Model.HasServiceTiers;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var tier = EndpointSlugs.TierOf(candidate.Endpoint);
        return (tier & ~request.Tiers) == ServiceTiers.None
            || EndpointSlugs.NamesExactly(candidate.Endpoint, request.Preferences.Order)
            || EndpointSlugs.NamesExactly(candidate.Endpoint, request.Preferences.Only)
            ? null
            : $"Its service tier must be asked for: by service_tier, by {(tier == ServiceTiers.Priority ? ":nitro" : ":floor")}, or by its whole slug.";
    }
}

namespace MeaiRouter.Routing.Filters;

/// <summary><c>only</c>: the endpoint must be among those the request allows.</summary>
internal sealed class OnlyFilter : IEndpointFilter
{
    public string Name => "only";

    public string ExcludedBy => "allowed_providers";

    public bool AppliesTo(in FilterRequest request) => request.Preferences.Only.Count > 0;

    public string? Reject(in Candidate candidate, in FilterRequest request) =>
        EndpointSlugs.MatchesAny(candidate.Endpoint, request.Preferences.Only)
            ? null
            : $"Not among the allowed: {string.Join(", ", request.Preferences.Only)}.";
}

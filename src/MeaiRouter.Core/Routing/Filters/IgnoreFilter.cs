namespace MeaiRouter.Routing.Filters;

/// <summary><c>ignore</c>: the endpoint must not be among those the request does not want.</summary>
internal sealed class IgnoreFilter : IEndpointFilter
{
    public string Name => "ignore";

    public string ExcludedBy => "allowed_providers";

    public bool AppliesTo(in FilterRequest request) => request.Preferences.Ignore.Count > 0;

    public string? Reject(in Candidate candidate, in FilterRequest request) =>
        EndpointSlugs.MatchesAny(candidate.Endpoint, request.Preferences.Ignore) ? "The request ignores it." : null;
}

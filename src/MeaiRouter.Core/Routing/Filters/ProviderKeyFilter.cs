namespace MeaiRouter.Routing.Filters;

/// <summary>A provider that the request calls with a key of its own only must have a client that takes it.</summary>
internal sealed class ProviderKeyFilter : IEndpointFilter
{
    public string Name => CallerKeys.FilterName;

    public bool AppliesTo(in FilterRequest request) => request.Keys?.ForbidsAny == true;

    public string? Reject(in Candidate candidate, in FilterRequest request) => request.Keys!.Forbids(candidate)
        ? "The request calls its provider with a key of its own only, and the provider's client takes none."
        : null;
}

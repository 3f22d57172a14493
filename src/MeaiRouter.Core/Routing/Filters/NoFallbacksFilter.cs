namespace MeaiRouter.Routing.Filters;

/// <summary><c>allow_fallbacks: false</c> with an order: the endpoint must be in the order.</summary>
internal sealed class NoFallbacksFilter : IEndpointFilter
{
    public const string FilterName = "allow_fallbacks";
    public const string Reason = "The request allows no fallbacks.";

    public string Name => FilterName;

    public string ExcludedBy => "allowed_providers";

    public bool AppliesTo(in FilterRequest request) => request.Preferences is { AllowFallbacks: false, Order.Count: > 0 };

    public string? Reject(in Candidate candidate, in FilterRequest request) =>
        EndpointSlugs.MatchesAny(candidate.Endpoint, request.Preferences.Order) ? null : Reason;
}

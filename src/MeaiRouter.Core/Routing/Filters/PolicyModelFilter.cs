using MeaiRouter.Text;

namespace MeaiRouter.Routing.Filters;

/// <summary>Every policy must permit the model.</summary>
internal sealed class PolicyModelFilter : IEndpointFilter
{
    public string Name => "policy_models";

    public string ExcludedBy => "allowed_models";

    public bool AppliesTo(in FilterRequest request) =>
        Array.Exists(request.Policies, static policy => policy.AllowedModels.Count > 0 || policy.IgnoredModels.Count > 0);

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        foreach (var policy in request.Policies)
        {
            if (policy.AllowedModels.Count > 0 && !NamePattern.MatchesAny(candidate.Model.Id, policy.AllowedModels))
                return $"Its model is not among those {policy.Name} allows: {string.Join(", ", policy.AllowedModels)}.";
            if (NamePattern.MatchesAny(candidate.Model.Id, policy.IgnoredModels))
                return $"Its model is one that {policy.Name} forbids.";
        }

        return null;
    }
}

using MeaiRouter.Policies;

namespace MeaiRouter.Routing.Filters;

/// <summary><c>data_collection: deny</c>: the endpoint must be known not to train on what it is sent.</summary>
internal sealed class TrainingFilter : IEndpointFilter
{
    public string Name => "data_policy:training";

    public bool AppliesTo(in FilterRequest request) =>
        request.Preferences.DataCollection == DataCollection.Deny
        || Array.Exists(request.Policies, static policy => policy.DataCollection == DataCollection.Deny);

    public string? Reject(in Candidate candidate, in FilterRequest request) => candidate.Endpoint.DataPolicy?.Training switch
    {
        false => null,
        true => "It may train on prompts.",
        null => "It is not known whether it trains on prompts. If it does not, set DataPolicy.Training of its provider to false.",
    };
}

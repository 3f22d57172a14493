namespace MeaiRouter.Routing.Filters;

/// <summary><c>enforce_distillable_text</c>: the author must be known to allow answers to train other models.</summary>
internal sealed class DistillationFilter : IEndpointFilter
{
    public string Name => "enforce_distillable_text";

    public bool AppliesTo(in FilterRequest request) => request.Preferences.EnforceDistillableText == true;

    public string? Reject(in Candidate candidate, in FilterRequest request) => candidate.Model.AllowsDistillation switch
    {
        true => null,
        false => "The model's author does not allow distillation.",
        null => "It is not known whether the model's author allows distillation.",
    };
}

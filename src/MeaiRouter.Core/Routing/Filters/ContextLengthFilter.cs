namespace MeaiRouter.Routing.Filters;

/// <summary>The prompt, and the answer asked for, must fit the endpoint's context.</summary>
internal sealed class ContextLengthFilter : IEndpointFilter
{
    public string Name => "context_length";

    public bool AppliesTo(in FilterRequest request) => request.IsNearLimit;

    public string? Reject(in Candidate candidate, in FilterRequest request) =>
        request.PromptTokens + request.OutputTokens > candidate.ContextLength
            ? $"The prompt of about {request.PromptTokens} tokens and an answer of {request.OutputTokens} exceed its context of {candidate.ContextLength}."
            : null;
}

namespace MeaiRouter.Routing.Filters;

/// <summary>The endpoint must be able to give an answer of the length asked for.</summary>
internal sealed class OutputLengthFilter : IEndpointFilter
{
    public string Name => "max_tokens";

    public string ExcludedBy => "context_length";

    public bool AppliesTo(in FilterRequest request) => request.OutputTokens > 0;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var longest = candidate.Endpoint.MaxOutputTokens ?? candidate.Model.MaxOutputTokens;
        return request.OutputTokens > longest ? $"It answers with at most {longest} tokens, and the request asks for {request.OutputTokens}." : null;
    }

    public string? Remedy(in FilterRequest request) => "with a smaller max_tokens";
}

namespace MeaiRouter.Routing.Filters;

/// <summary>The prompt, and the answer asked for, must fit the endpoint's context, or can be compressed to it.</summary>
internal sealed class ContextLengthFilter : IEndpointFilter
{
    // OpenRouter: of what a conversation needs, compression takes away half at most.
    private const int MostCompression = 2;

    public string Name => "context_length";

    public bool AppliesTo(in FilterRequest request) => request.IsNearLimit;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        if (Fits(candidate, request))
            return null;

        var limit = candidate.ContextLength!.Value;
        var needed = request.PromptTokens + request.OutputTokens;
        if (request.Compresses && needed <= (long)limit * MostCompression && request.OutputTokens < limit)
            return null;

        var even = request.Compresses ? ", even if compressed to half" : "";
        return $"The prompt of about {request.PromptTokens} tokens and an answer of {request.OutputTokens} exceed its context of {limit}{even}.";
    }

    public string? Remedy(in FilterRequest request)
    {
        var shorter = request.OutputTokens > 0 ? "with a shorter conversation or a smaller max_tokens" : "with a shorter conversation";
        return request is { CompressesByDefault: not null, Compresses: false } ? shorter + ", or one that may be compressed (transforms: [\"middle-out\"])" : shorter;
    }

    /// <summary>Whether nothing needs to be compressed.</summary>
    public static bool Fits(in Candidate candidate, in FilterRequest request) =>
        !(request.PromptTokens + request.OutputTokens > candidate.ContextLength);
}

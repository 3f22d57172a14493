namespace MeaiRouter.Routing;

/// <summary>Furthest below its limits first: the endpoint with the smallest used part of its requests or tokens per minute, whichever is larger.</summary>
/// <remarks>The use of a shared quota counts at all its endpoints. One without limits counts as unused; equal ones are in random order.</remarks>
internal sealed class UsageStrategy : IRoutingStrategy
{
    public string Name => "usage";

    public void Order(Span<Candidate> candidates, in RouteRequest request)
    {
        CandidateOrder.Shuffle(candidates, request.Seed);
        var tokens = request.PromptTokens + request.OutputTokens;
        CandidateOrder.ByScore(candidates, candidate => UsedShare(candidate, tokens));
    }

    private static double UsedShare(in Candidate candidate, long tokensOfRequest)
    {
        var (requests, tokens) = candidate.Health.LastMinute;
        return Math.Max(
            candidate.Endpoint.RequestsPerMinute is { } mostRequests ? (requests + 1) / (double)mostRequests : 0,
            candidate.Endpoint.TokensPerMinute is { } mostTokens ? (tokens + tokensOfRequest) / (double)mostTokens : 0);
    }
}

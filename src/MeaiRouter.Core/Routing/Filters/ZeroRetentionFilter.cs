namespace MeaiRouter.Routing.Filters;

/// <summary><c>zdr</c>: the endpoint must be known to keep nothing. One demand, of the request or of any policy, is enough.</summary>
internal sealed class ZeroRetentionFilter : IEndpointFilter
{
    private const string NoRetention = "none";

    public string Name => "data_policy:zdr";

    public bool AppliesTo(in FilterRequest request) =>
        request.Preferences.ZeroDataRetention || Array.Exists(request.Policies, static policy => policy.ZeroDataRetention);

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var retention = candidate.Endpoint.DataPolicy?.Retention;
        if (NoRetention.Equals(retention, StringComparison.OrdinalIgnoreCase))
            return null;
        return retention is null ? "It is not known whether it keeps prompts. If it does not, set DataPolicy.Retention of its provider to 'none'." : $"It keeps prompts: {retention}.";
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;

namespace MeaiRouter.Normalization.Requests;

/// <summary>The endpoint that one request is adapted to, and where the changes are told.</summary>
/// <param name="context">What the layers share of the request.</param>
/// <param name="rules">What the endpoint takes.</param>
/// <param name="refuses">Whether the caller will have no change of what he asked for.</param>
/// <param name="streams">Whether the answer is to be streamed.</param>
internal readonly struct RequestTarget(RouteContext context, RequestRules rules, bool refuses, bool streams)
{
    public RequestRules Rules => rules;

    public Dialect Dialect => rules.Dialect;

    public bool Streams => streams;

    /// <summary>The longest answer in tokens; <see langword="null"/> where nobody knows.</summary>
    public int? MaxOutputTokens => (context.Attempt?.Endpoint?.MaxOutputTokens ?? context.Attempt?.Model?.MaxOutputTokens, rules.MaxOutputTokens) switch
    {
        ({ } endpoint, { } dialect) => Math.Min(endpoint, dialect),
        var (endpoint, dialect) => endpoint ?? dialect,
    };

    /// <summary>Notes a change that loses nothing.</summary>
    public void Tell(string sentence) => new RouteNotes(context).Add(sentence);

    /// <summary>Notes a change of what was asked, or refuses the request where its caller will have none.</summary>
    /// <param name="finding">What the endpoint does not take, as a clause without a stop.</param>
    /// <param name="change">What is done about it, as a clause.</param>
    /// <param name="remedy">What the caller can do about it, as a clause in the imperative.</param>
    public void Adapt(string finding, string change, string remedy)
    {
        if (refuses)
            throw Unsupported(finding, $"{remedy}, or let the request be adapted: RequireParameters (`require_parameters`) false and UnsupportedParameters.Adapt");
        Tell($"{finding}; {change}.");
    }

    /// <summary>The failure of a request that the endpoint cannot take.</summary>
    public RouterException Unsupported(string finding, string remedy)
    {
        var endpoint = context.Attempt?.Endpoint;
        return new RouterException(FailureKind.Unsupported, $"The endpoint cannot take the request: {finding}. Remedy: {remedy}.")
        {
            Provider = context.Attempt?.Provider,
            Endpoint = endpoint?.Tag,
        };
    }
}

using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Resolution;

/// <summary>A model with its candidates, and what can be known about all of them before any request: most requests need look no closer.</summary>
internal sealed class RoutableModel
{
    private static readonly string[] SoftParameters =
        [RequestParameters.Tools, RequestParameters.ResponseFormat, RequestParameters.StructuredOutputs, RequestParameters.Verbosity];

    private readonly string[] _disputedParameters;

    public RoutableModel(Model model, Candidate[] candidates)
    {
        Model = model;
        Candidates = candidates;
        HasServiceTiers = candidates.Any(static candidate => EndpointSlugs.TierOf(candidate.Endpoint) != ServiceTiers.None);
        HasFlex = candidates.Any(static candidate => EndpointSlugs.TierOf(candidate.Endpoint) == ServiceTiers.Flex);
        SmallestContext = candidates.Min(static candidate => (long?)candidate.ContextLength) ?? long.MaxValue;
        _disputedParameters = [.. SoftParameters.Where(parameter =>
            candidates.Any(candidate => IsKnownToLack(candidate, parameter)) && candidates.Any(candidate => IsKnownToSupport(candidate, parameter)))];
    }

    public Model Model { get; }

    /// <summary>The endpoints of the model, cheapest first.</summary>
    public Candidate[] Candidates { get; }

    /// <summary>Whether one of the endpoints serves only those who ask for its tier.</summary>
    public bool HasServiceTiers { get; }

    /// <summary>Whether one of the endpoints is of the service tier flex.</summary>
    public bool HasFlex { get; }

    /// <summary>The smallest context of an endpoint, in tokens.</summary>
    public long SmallestContext { get; }

    /// <summary>Whether some of the endpoints are known to understand the parameter and others are known not to.</summary>
    public bool IsDisputed(string parameter) => Array.IndexOf(_disputedParameters, parameter) >= 0;

    /// <summary>Whether there is any such parameter.</summary>
    public bool HasDisputes => _disputedParameters.Length > 0;

    /// <summary>Whether the endpoint says that it understands the parameter.</summary>
    public static bool IsKnownToSupport(in Candidate candidate, string parameter) =>
        RequestParameters.Includes(candidate.Endpoint.SupportedParameters, parameter);

    /// <summary>Whether the endpoint says which parameters it understands, and this is not among them.</summary>
    public static bool IsKnownToLack(in Candidate candidate, string parameter) =>
        candidate.Endpoint.SupportedParameters is { Count: > 0 } supported && !RequestParameters.Includes(supported, parameter);
}

namespace MeaiRouter.Routing.Filters;

/// <summary><c>require_parameters</c>: the endpoint must be known to understand every parameter of the request.</summary>
internal sealed class RequiredParametersFilter : IEndpointFilter
{
    public string Name => "require_parameters";

    public bool AppliesTo(in FilterRequest request) => request.Preferences.RequireParameters == true;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var supported = candidate.Endpoint.KnownParameters;
        var missing = RequestParameters.Of(request.Options).Where(parameter => !RequestParameters.Includes(supported, parameter)).ToList();
        return missing.Count == 0 ? null : $"It is not known to support {string.Join(", ", missing)}.{Remedy(supported)}";
    }

    private static string Remedy(IReadOnlyList<string> supported) =>
        supported.Count == 0 ? " What it takes is said by SupportedParameters of the endpoint, or by the Dialect of its provider." : "";
}

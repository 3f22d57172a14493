namespace MeaiRouter.Routing.Filters;

/// <summary>Data of a class goes only where that class is allowed.</summary>
internal sealed class DataClassFilter : IEndpointFilter
{
    public string Name => "data_class";

    public bool AppliesTo(in FilterRequest request) => request.DataClasses.Count > 0;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var allowed = candidate.Endpoint.DataPolicy?.AllowedDataClasses ?? [];
        foreach (var dataClass in request.DataClasses)
        {
            if (!allowed.Contains(dataClass, StringComparer.OrdinalIgnoreCase))
                return $"Data of the class '{dataClass}' may not be sent there.";
        }

        return null;
    }
}

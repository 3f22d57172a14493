using MeaiRouter.Routing.Resolution;

namespace MeaiRouter.Routing.Filters;

/// <summary>
/// The soft form of <c>require_parameters</c>: endpoints known not to understand tools, a response format or <c>verbosity</c> give way to
/// others of the same model that are known to. Where none is, all stay.
/// </summary>
internal static class SupporterPreference
{
    /// <summary>Moves what stays to the front and returns how many that are.</summary>
    public static int Apply(in FilterRequest request, Span<Candidate> candidates, ref List<ExcludedEndpoint>? excluded)
    {
        var count = candidates.Length;
        if (request.Options is not { } options || !request.Model.HasDisputes)
            return count;

        if (options.Tools is { Count: > 0 })
            count = Prefer(RequestParameters.Tools, request, candidates[..count], ref excluded);
        if (RequestParameters.Format(options) is { } format)
            count = Prefer(format, request, candidates[..count], ref excluded);
        if (ExtraBody.Has(options, RequestParameters.Verbosity))
            count = Prefer(RequestParameters.Verbosity, request, candidates[..count], ref excluded);
        return count;
    }

    private static int Prefer(string parameter, in FilterRequest request, Span<Candidate> candidates, ref List<ExcludedEndpoint>? excluded)
    {
        if (!request.Model.IsDisputed(parameter) || !AnySupports(parameter, candidates))
            return candidates.Length;

        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[i];
            if (RoutableModel.IsKnownToLack(candidate, parameter))
                (excluded ??= []).Add(new ExcludedEndpoint(candidate.Model, candidate.Endpoint, parameter, $"It does not support {parameter}, and others do."));
            else
                candidates[kept++] = candidate;
        }

        return kept;
    }

    private static bool AnySupports(string parameter, ReadOnlySpan<Candidate> candidates)
    {
        foreach (ref readonly var candidate in candidates)
        {
            if (RoutableModel.IsKnownToSupport(candidate, parameter))
                return true;
        }

        return false;
    }
}

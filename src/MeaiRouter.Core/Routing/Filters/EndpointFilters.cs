using System.Numerics;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Filters;

/// <summary>All hard filters, in the order in which they are asked. The first that rejects an endpoint gives the reason.</summary>
internal static class EndpointFilters
{
    private static readonly IEndpointFilter[] Filters =
    [
        new ServiceTierFilter(),
        new ModalityFilter(),
        new OutputModalityFilter(),
        new ContextLengthFilter(),
        new OutputLengthFilter(),
        new RequiredParametersFilter(),
        new ZeroRetentionFilter(),
        new TrainingFilter(),
        new RegionFilter(),
        new DataClassFilter(),
        new DistillationFilter(),
        new QuantizationFilter(),
        new PriceCeilingFilter(),
        new OnlyFilter(),
        new IgnoreFilter(),
        new PolicyModelFilter(),
        new PolicyProviderFilter(),
        new ProviderKeyFilter(),
        new NoFallbacksFilter(),
    ];

    public static IReadOnlyList<IEndpointFilter> All => Filters;

    /// <summary>The filters, one bit each, that could reject an endpoint of the request's model.</summary>
    public static uint ApplyingTo(in FilterRequest request)
    {
        var applying = 0u;
        for (var i = 0; i < Filters.Length; i++)
        {
            if (Filters[i].AppliesTo(request))
                applying |= 1u << i;
        }

        return applying;
    }

    /// <summary>The endpoints of the request's model that all other filters admit.</summary>
    public static IEnumerable<ModelEndpoint> AdmittedWithout(IEndpointFilter filter, FilterRequest request)
    {
        var others = ApplyingTo(request) & ~(1u << Array.IndexOf(Filters, filter));
        return request.Model.Candidates.Where(candidate => Reject(candidate, request, others) is null).Select(static candidate => candidate.Endpoint);
    }

    /// <summary>The first of the filters that rejects the candidate, and its reason; <see langword="null"/> if none does.</summary>
    public static (IEndpointFilter Filter, string Reason)? Reject(in Candidate candidate, in FilterRequest request, uint filters)
    {
        for (var rest = filters; rest != 0; rest &= rest - 1)
        {
            var filter = Filters[BitOperations.TrailingZeroCount(rest)];
            if (filter.Reject(candidate, request) is { } reason)
                return (filter, reason);
        }

        return null;
    }
}

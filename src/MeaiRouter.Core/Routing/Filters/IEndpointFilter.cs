namespace MeaiRouter.Routing.Filters;

/// <summary>A hard rule: an endpoint that it rejects must not serve the request.</summary>
internal interface IEndpointFilter
{
    /// <summary>The name in traces: the field of the request, or OpenRouter's word for the constraint.</summary>
    string Name { get; }

    /// <summary>OpenRouter's word in <c>excluded_by</c>, or the filter's own name where it has none.</summary>
    string ExcludedBy => Name;

    /// <summary>Whether the filter could reject any endpoint of the request's model.</summary>
    bool AppliesTo(in FilterRequest request);

    /// <summary>Why the endpoint may not serve the request, as a sentence; <see langword="null"/> if it may.</summary>
    string? Reject(in Candidate candidate, in FilterRequest request);

    /// <summary>
    /// What a caller whose endpoints all were rejected can do about the filter, as the beginning of a sentence that goes on "..., a/x could";
    /// <see langword="null"/> where no other request of his would make those endpoints fit. Default: asking without the field of this name.
    /// </summary>
    string? Remedy(in FilterRequest request) => $"without {Name}";
}

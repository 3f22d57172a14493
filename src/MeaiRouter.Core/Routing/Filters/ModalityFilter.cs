namespace MeaiRouter.Routing.Filters;

/// <summary>An endpoint must take every kind of input that the messages hold, where it is known what it takes.</summary>
internal sealed class ModalityFilter : IEndpointFilter
{
    private static readonly (Modalities Modality, string Name)[] Names =
        [(Modalities.Image, "image"), (Modalities.File, "file"), (Modalities.Audio, "audio"), (Modalities.Video, "video")];

    public string Name => "modality";

    public bool AppliesTo(in FilterRequest request) => request.Prompt.Modalities != Modalities.Text;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var own = candidate.Endpoint.InputModalities;
        if (own.Count == 0 && !candidate.Model.DeclaresInputModalities)
            return null;

        var taken = own.Count > 0 ? own : candidate.Model.InputModalities;
        foreach (var (modality, name) in Names)
        {
            if (request.Prompt.Modalities.HasFlag(modality) && !taken.Contains(name, StringComparer.OrdinalIgnoreCase))
                return $"The messages hold {name} input, and it takes {string.Join(", ", taken)} only.";
        }

        return null;
    }

    public string? Remedy(in FilterRequest request)
    {
        var held = request.Prompt.Modalities;
        return $"without {string.Join(", ", Names.Where(name => held.HasFlag(name.Modality)).Select(static name => name.Name))} input in the messages";
    }
}

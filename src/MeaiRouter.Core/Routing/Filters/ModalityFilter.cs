namespace MeaiRouter.Routing.Filters;

/// <summary>An endpoint must take every kind of input that the messages hold.</summary>
internal sealed class ModalityFilter : IEndpointFilter
{
    private static readonly (Modalities Modality, string Name)[] Names =
        [(Modalities.Image, "image"), (Modalities.File, "file"), (Modalities.Audio, "audio"), (Modalities.Video, "video")];

    public string Name => "modality";

    public bool AppliesTo(in FilterRequest request) => request.Prompt.Modalities != Modalities.Text;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var taken = candidate.Endpoint.InputModalities is { Count: > 0 } own ? own : candidate.Model.InputModalities;
        foreach (var (modality, name) in Names)
        {
            if (request.Prompt.Modalities.HasFlag(modality) && !taken.Contains(name, StringComparer.OrdinalIgnoreCase))
                return $"The messages hold {name} input, and it takes {string.Join(", ", taken)} only.";
        }

        return null;
    }
}

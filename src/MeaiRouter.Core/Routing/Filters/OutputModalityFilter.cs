using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Filters;

/// <summary>Whoever wants embeddings needs a model that makes them, and a model that makes nothing else is not for conversations.</summary>
internal sealed class OutputModalityFilter : IEndpointFilter
{
    public string Name => "output_modality";

    public string ExcludedBy => "modality";

    public bool AppliesTo(in FilterRequest request) => request.WantsEmbeddings || request.Model.Model.MakesOnlyEmbeddings;

    public string? Reject(in Candidate candidate, in FilterRequest request) => (request.WantsEmbeddings, candidate.Model.MakesEmbeddings) switch
    {
        (true, false) => $"The request is for embeddings, and it makes {string.Join(", ", candidate.Model.OutputModalities)}. " +
            $"Ask for a model that has '{Model.Embeddings}' among its output modalities.",
        (false, true) => "It makes embeddings only. Ask for them at /embeddings, or for a model that makes text.",
        _ => null,
    };

    // No other request makes another thing of the model.
    public string? Remedy(in FilterRequest request) => null;
}

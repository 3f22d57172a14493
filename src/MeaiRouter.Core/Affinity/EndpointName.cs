using MeaiRouter.Catalog;

namespace MeaiRouter.Affinity;

/// <summary>Names an endpoint, so that what is remembered of it outlives a reload of the catalogue and keeps no old one alive.</summary>
/// <param name="Model">The id of its model.</param>
/// <param name="Tag">Its tag.</param>
/// <param name="ProviderModel">The model as the provider names it; <see langword="null"/> for whichever it is.</param>
internal sealed record EndpointName(string Model, string Tag, string? ProviderModel)
{
    public static EndpointName Of(Model model, ModelEndpoint endpoint) => new(model.Id, endpoint.Tag, endpoint.Model);

    public bool Names(Model model, ModelEndpoint endpoint) =>
        endpoint.Tag == Tag && (ProviderModel is null || endpoint.Model == ProviderModel) && model.Id == Model;

    /// <summary>Reads the name as <see cref="ToString"/> writes it; <see langword="null"/> if it is none.</summary>
    public static EndpointName? Parse(string? name) =>
        name?.LastIndexOf('@') is { } mark and > 0 && mark < name.Length - 1 ? new(name[..mark], name[(mark + 1)..], null) : null;

    public override string ToString() => $"{Model}@{Tag}";
}

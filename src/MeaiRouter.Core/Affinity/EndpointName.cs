using MeaiRouter.Catalog;

namespace MeaiRouter.Affinity;

/// <summary>Names an endpoint, so that what is remembered of it outlives a reload of the catalogue and keeps no old one alive.</summary>
internal sealed record EndpointName(string Model, string Tag, string ProviderModel)
{
    public static EndpointName Of(Model model, ModelEndpoint endpoint) => new(model.Id, endpoint.Tag, endpoint.Model);

    public bool Names(Model model, ModelEndpoint endpoint) =>
        endpoint.Tag == Tag && endpoint.Model == ProviderModel && model.Id == Model;
}

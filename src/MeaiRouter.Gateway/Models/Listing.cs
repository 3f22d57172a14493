using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Health;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Models;

/// <summary>The part of the catalogue that a caller may use: what his key's policy, or the app's, forbids is not shown to him.</summary>
internal sealed class Listing(LiveCatalog catalog, IChatClient pipeline)
{
    private Open _open = new(null, []);

    /// <summary>The catalogue in force.</summary>
    public CatalogSnapshot Snapshot => catalog.Current;

    /// <summary>The models with an endpoint that the caller may use, in the catalogue's order.</summary>
    public IReadOnlyList<ListedModel> For(GatewayKey? key)
    {
        if (key?.Policy is not null)
            return Visible(catalog.Current, key);

        // Two callers may do this at once; they find the same.
        var open = Volatile.Read(ref _open);
        if (!ReferenceEquals(open.Snapshot, catalog.Current))
            Volatile.Write(ref _open, open = new Open(catalog.Current, Visible(catalog.Current, null)));
        return open.Models;
    }

    /// <summary>A model by its id or an alias, whatever variants of routing are added; <see langword="null"/> if there is none, or none for the caller.</summary>
    public ListedModel? Find(string name, GatewayKey? key)
    {
        // OpenRouter: variants of routing fall away, those of the catalogue belong to the id.
        var model = catalog.Current.Catalog.Find(ModelName.Parse(name).Id);
        return model is null ? null : Show(model, key);
    }

    /// <summary>What is known about an endpoint; <see langword="null"/> where a layer hides the router.</summary>
    public HealthSnapshot? HealthOf(Model model, ModelEndpoint endpoint) => Router?.HealthOf(model, endpoint).Snapshot();

    // Another after each change of the configuration.
    private RouterChatClient? Router => pipeline.GetService<RouterChatClient>();

    private ListedModel[] Visible(CatalogSnapshot snapshot, GatewayKey? key) =>
        [.. snapshot.Catalog.Models.Select(model => Show(model, key)).OfType<ListedModel>()];

    private ListedModel? Show(Model model, GatewayKey? key)
    {
        IReadOnlyList<ModelEndpoint> permitted = Router is not { } router
            ? model.Endpoints
            : [.. model.Endpoints.Where(endpoint => router.Permits(model, endpoint, key?.Policy))];
        return permitted.Count > 0 || model.Endpoints.Count == 0 ? new ListedModel(model, permitted) : null;
    }

    private sealed record Open(CatalogSnapshot? Snapshot, IReadOnlyList<ListedModel> Models);
}

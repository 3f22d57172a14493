using MeaiRouter.Catalog;
using MeaiRouter.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="RouterChatClient"/> to a pipeline.</summary>
public static class RouterChatClientBuilderExtensions
{
    /// <summary>Adds a layer that plans, for each request, which endpoints may answer it and in which order.</summary>
    /// <remarks>Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="catalog">The models; <see langword="null"/> takes the <see cref="ModelCatalog"/> of the pipeline's services.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: there is no catalogue, or the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseRouting(
        this ChatClientBuilder builder, ModelCatalog? catalog = null, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use((inner, services) =>
        {
            var options = new RoutingOptions();
            configure?.Invoke(options);
            return new RouterChatClient(inner, catalog ?? services.GetRequiredService<ModelCatalog>(), options, services.GetService<TimeProvider>());
        });
    }

    /// <summary>Adds the same layer over a catalogue that follows its sources: a change needs no restart and drops no request.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="catalog">The models. It stays yours to dispose.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="catalog"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseRouting(this ChatClientBuilder builder, LiveCatalog catalog, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(catalog);

        return builder.Use((inner, services) =>
        {
            var options = new RoutingOptions();
            configure?.Invoke(options);
            return new RouterChatClient(inner, catalog, options, services.GetService<TimeProvider>());
        });
    }
}

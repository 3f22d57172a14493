using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Layers;
using MeaiRouter.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="RouterChatClient"/> to a pipeline.</summary>
public static class RouterChatClientBuilderExtensions
{
    /// <summary>Adds a layer that plans, for each request, which endpoints may answer it and in which order.</summary>
    /// <remarks>
    /// Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's. Unless the options have one, the board of the
    /// endpoints' health is the builder's, shared by all pipelines built from it; which conversations stay where is each pipeline's own.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="catalog">The models; <see langword="null"/> takes the <see cref="ModelCatalog"/> of the pipeline's services.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: the default model, the provider of an endpoint, or what a preset names does not exist.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: there is no catalogue, or the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseRouting(
        this ChatClientBuilder builder, ModelCatalog? catalog = null, Action<RoutingOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var board = new OncePerBuilder<HealthBoard>();
        return builder.Use((inner, services) =>
        {
            var time = services.GetService<TimeProvider>();
            return new RouterChatClient(inner, catalog ?? services.GetRequiredService<ModelCatalog>(), Configured(configure, board, time), time);
        });
    }

    /// <summary>Adds the same layer over a catalogue that follows its sources: a change needs no restart and drops no request.</summary>
    /// <inheritdoc cref="UseRouting(ChatClientBuilder, ModelCatalog?, Action{RoutingOptions}?)" path="/remarks"/>
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

        var board = new OncePerBuilder<HealthBoard>();
        return builder.Use((inner, services) =>
        {
            var time = services.GetService<TimeProvider>();
            return new RouterChatClient(inner, catalog, Configured(configure, board, time), time);
        });
    }

    private static RoutingOptions Configured(Action<RoutingOptions>? configure, OncePerBuilder<HealthBoard> board, TimeProvider? time)
    {
        var options = new RoutingOptions { Health = board.Get(() => new HealthBoard(time)) };
        configure?.Invoke(options);
        return options;
    }
}

using MeaiRouter.Costs;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="CostTrackingChatClient"/> to a pipeline.</summary>
public static class CostTrackingChatClientBuilderExtensions
{
    /// <summary>Adds a layer that prices every attempt and writes each request to the ledger.</summary>
    /// <remarks>Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="ledger">Where requests are written; <see langword="null"/> takes the <see cref="ILedger"/> of the pipeline's services, if any.</param>
    /// <param name="prices">
    /// The prices of models that no route prices; <see langword="null"/> takes the <see cref="PriceBook"/> of the pipeline's services, if any.
    /// </param>
    /// <param name="options">
    /// How to charge; <see langword="null"/> takes the <see cref="CostTrackingOptions"/> of the pipeline's services, if any, else the defaults.
    /// </param>
    /// <param name="configure">Called with the layer when it is built, to listen to its events.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: an option makes no sense.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the pipeline is built: the layers are in a wrong order, or a cache is inside whose hits would be charged.
    /// </exception>
    public static ChatClientBuilder UseCostTracking(
        this ChatClientBuilder builder, ILedger? ledger = null, PriceBook? prices = null, CostTrackingOptions? options = null,
        Action<CostTrackingChatClient>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use((inner, services) =>
        {
            var layer = new CostTrackingChatClient(
                inner,
                ledger ?? services.GetService<ILedger>(),
                prices ?? services.GetService<PriceBook>(),
                services.GetService<TimeProvider>(),
                options ?? services.GetService<CostTrackingOptions>());
            configure?.Invoke(layer);
            return layer;
        });
    }
}

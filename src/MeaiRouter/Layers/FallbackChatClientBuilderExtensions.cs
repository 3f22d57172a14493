using MeaiRouter.Fallback;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="FallbackChatClient"/> to a pipeline.</summary>
public static class FallbackChatClientBuilderExtensions
{
    /// <summary>Adds a layer that tries the endpoints of the route, one after the other, until one answers.</summary>
    /// <remarks>Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseFallback(this ChatClientBuilder builder, Action<FallbackOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use((inner, services) => new FallbackChatClient(inner, Configured(configure), services.GetService<TimeProvider>()));
    }

    /// <summary>Adds a layer that asks another client when the rest of the pipeline fails.</summary>
    /// <inheritdoc cref="UseFallback(ChatClientBuilder, IEnumerable{IChatClient}, Action{FallbackOptions})"/>
    /// <param name="builder">The pipeline.</param>
    /// <param name="backup">The client to ask.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    public static ChatClientBuilder UseFallback(this ChatClientBuilder builder, IChatClient backup, Action<FallbackOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(backup);

        return builder.UseFallback([backup], configure);
    }

    /// <summary>Adds a layer that asks other clients, one after the other, when the rest of the pipeline fails.</summary>
    /// <remarks>The pipeline disposes the backups. Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's.</remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="backups">The clients to ask, in this order.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or the backups are <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseFallback(
        this ChatClientBuilder builder, IEnumerable<IChatClient> backups, Action<FallbackOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(backups);

        return builder.Use((inner, services) => new FallbackChatClient(inner, backups, Configured(configure), services.GetService<TimeProvider>()));
    }

    private static FallbackOptions Configured(Action<FallbackOptions>? configure)
    {
        var options = new FallbackOptions();
        configure?.Invoke(options);
        return options;
    }
}

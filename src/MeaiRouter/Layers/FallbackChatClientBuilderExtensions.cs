using MeaiRouter.Fallback;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="FallbackChatClient"/> to a pipeline.</summary>
public static class FallbackChatClientBuilderExtensions
{
    /// <summary>Adds a layer that tries the endpoints of the route, one after the other, until one answers.</summary>
    /// <remarks>
    /// Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's. Unless the options have one, the budget for retries
    /// is the builder's, shared by all pipelines built from it.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the pipeline is built: the layers are in a wrong order, or one that invokes tools is inside.
    /// </exception>
    public static ChatClientBuilder UseFallback(this ChatClientBuilder builder, Action<FallbackOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var budget = new RetryBudget();
        return builder.Use((inner, services) => new FallbackChatClient(inner, Configured(configure, budget), services.GetService<TimeProvider>()));
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

    /// <summary>Adds a layer that asks other clients, one after the other, when the rest of the pipeline fails. The pipeline disposes them.</summary>
    /// <inheritdoc cref="UseFallback(ChatClientBuilder, IEnumerable{IChatClient}, bool, Action{FallbackOptions})"/>
    /// <param name="builder">The pipeline.</param>
    /// <param name="backups">The clients to ask, in this order.</param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    public static ChatClientBuilder UseFallback(
        this ChatClientBuilder builder, IEnumerable<IChatClient> backups, Action<FallbackOptions>? configure = null) =>
        builder.UseFallback(backups, leaveOpen: false, configure);

    /// <summary>Adds a layer that asks other clients, one after the other, when the rest of the pipeline fails.</summary>
    /// <remarks>
    /// Time is that of the <see cref="TimeProvider"/> of the pipeline's services, or the system's. Unless the options have one, the budget for retries
    /// is the builder's, shared by all pipelines built from it.
    /// </remarks>
    /// <param name="builder">The pipeline.</param>
    /// <param name="backups">The clients to ask, in this order.</param>
    /// <param name="leaveOpen">
    /// Whether the rest of the pipeline and the backups outlive this layer, as singletons of a service provider do; otherwise it disposes them.
    /// </param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or the backups are <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: a backup is <see langword="null"/>, or an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the pipeline is built: the layers are in a wrong order, or one that invokes tools is inside.
    /// </exception>
    public static ChatClientBuilder UseFallback(
        this ChatClientBuilder builder, IEnumerable<IChatClient> backups, bool leaveOpen, Action<FallbackOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(backups);

        var budget = new RetryBudget();
        return builder.Use((inner, services) =>
            new FallbackChatClient(inner, backups, Configured(configure, budget), services.GetService<TimeProvider>(), leaveOpen));
    }

    private static FallbackOptions Configured(Action<FallbackOptions>? configure, RetryBudget budget)
    {
        var options = new FallbackOptions();
        configure?.Invoke(options);
        options.RetryBudget ??= budget;
        return options;
    }
}

using MeaiRouter.Dialects;
using MeaiRouter.Normalization;

namespace Microsoft.Extensions.AI;

/// <summary>Adds <see cref="NormalizingChatClient"/> to a pipeline.</summary>
public static class NormalizingChatClientBuilderExtensions
{
    /// <summary>Adds a layer that writes requests in the dialect of the endpoint and gives all answers one shape.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="dialect">
    /// The dialect where no route gives one; <see langword="null"/> for <see cref="Dialect.Default"/>.
    /// </param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseNormalization(this ChatClientBuilder builder, Dialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use(inner => new NormalizingChatClient(inner, dialect));
    }

    /// <summary>Adds a layer that writes requests in the dialect of the endpoint and gives all answers one shape.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="configure">Changes the options before the layer is made.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> or <paramref name="configure"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: an option has a value that cannot be.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseNormalization(this ChatClientBuilder builder, Action<NormalizingOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);

        return builder.Use(inner =>
        {
            var options = new NormalizingOptions();
            configure(options);
            return new NormalizingChatClient(inner, options);
        });
    }
}

using MeaiRouter.Caching;
using MeaiRouter.Layers;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Adds the response cache to a pipeline.</summary>
public static class ResponseCacheChatClientBuilderExtensions
{
    private const long OwnSizeLimit = 64 * 1024 * 1024;

    /// <summary>Answers requests that were answered before from what was said then, at no cost.</summary>
    /// <param name="builder">The pipeline.</param>
    /// <param name="store">
    /// Where answers are kept; <see langword="null"/> takes the <see cref="IResponseCacheStore"/> of the pipeline's services, else their
    /// <see cref="IDistributedCache"/>, else 64 MiB of memory, which all pipelines built from this builder share. A store is never disposed with the pipeline.
    /// </param>
    /// <param name="configure">Changes the options before the layer is made; <see langword="null"/> leaves the defaults.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">Thrown when the pipeline is built: an option is out of range.</exception>
    /// <exception cref="InvalidOperationException">Thrown when the pipeline is built: the layers are in a wrong order.</exception>
    public static ChatClientBuilder UseResponseCache(
        this ChatClientBuilder builder, IResponseCacheStore? store = null, Action<ResponseCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        var own = new OncePerBuilder<IResponseCacheStore>();
        return builder.Use((inner, services) =>
        {
            var options = new ResponseCacheOptions();
            configure?.Invoke(options);
            return new ResponseCacheChatClient(inner, store ?? StoreOf(services) ?? own.Get(OwnStore), options, services.GetService<TimeProvider>());
        });
    }

    // The shared IMemoryCache of an app has, as a rule, no limit, and answers come by the thousands.
    internal static MemoryResponseCacheStore OwnStore() => new(new MemoryCache(new MemoryCacheOptions { SizeLimit = OwnSizeLimit }));

    internal static IResponseCacheStore? StoreOf(IServiceProvider services) =>
        services.GetService<IResponseCacheStore>()
        ?? (services.GetService<IDistributedCache>() is { } shared ? new DistributedResponseCacheStore(shared) : null);
}

using MeaiRouter.Caching;
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
    /// <see cref="IDistributedCache"/>, else 64 MiB of memory.
    /// </param>
    /// <param name="configure">Changes the defaults.</param>
    /// <returns>The same builder.</returns>
    public static ChatClientBuilder UseResponseCache(
        this ChatClientBuilder builder, IResponseCacheStore? store = null, Action<ResponseCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.Use((inner, services) =>
        {
            var options = new ResponseCacheOptions();
            configure?.Invoke(options);
            return new ResponseCacheChatClient(inner, store ?? StoreOf(services), options, services.GetService<TimeProvider>());
        });
    }

    // The shared IMemoryCache of an app has, as a rule, no limit, and answers come by the thousands.
    internal static IResponseCacheStore StoreOf(IServiceProvider services) =>
        services.GetService<IResponseCacheStore>()
        ?? (services.GetService<IDistributedCache>() is { } shared ? new DistributedResponseCacheStore(shared) : null)
        ?? (IResponseCacheStore)new MemoryResponseCacheStore(new MemoryCache(new MemoryCacheOptions { SizeLimit = OwnSizeLimit }));
}

using Microsoft.Extensions.Caching.Distributed;

namespace MeaiRouter.Caching;

/// <summary>Keeps answers where several processes find them.</summary>
/// <param name="cache">The cache. It is not disposed.</param>
public sealed class DistributedResponseCacheStore(IDistributedCache cache) : IResponseCacheStore
{
    private const string Prefix = "meairouter:answer:";

    private readonly IDistributedCache _cache = cache ?? throw new ArgumentNullException(nameof(cache));

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return await _cache.GetAsync(Prefix + key, cancellationToken).ConfigureAwait(false) is { } answer ? answer.AsMemory() : (ReadOnlyMemory<byte>?)null;
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> answer, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        var options = new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = timeToLive };
        await _cache.SetAsync(Prefix + key, answer.ToArray(), options, cancellationToken).ConfigureAwait(false);
    }
}

using Microsoft.Extensions.Caching.Memory;

namespace MeaiRouter.Caching;

/// <summary>Keeps answers in the memory of this process.</summary>
/// <param name="cache">The cache. Each entry says its size in bytes, so it may have a limit. It is not disposed.</param>
public sealed class MemoryResponseCacheStore(IMemoryCache cache) : IResponseCacheStore
{
    private readonly IMemoryCache _cache = cache ?? throw new ArgumentNullException(nameof(cache));

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(_cache.TryGetValue(new Entry(key), out ReadOnlyMemory<byte> answer) ? answer : (ReadOnlyMemory<byte>?)null);
    }

    /// <inheritdoc/>
    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> answer, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        _cache.Set(new Entry(key), answer, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = timeToLive, Size = answer.Length });
        return default;
    }

    // A type of our own: the cache may be shared with others, whose keys are strings too.
    private readonly record struct Entry(string Key);
}

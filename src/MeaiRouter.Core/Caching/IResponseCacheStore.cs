namespace MeaiRouter.Caching;

/// <summary>Where a response cache keeps answers. An exception costs the request its cache, never its answer.</summary>
public interface IResponseCacheStore
{
    /// <summary>An answer that is kept; <see langword="null"/> if there is none or its time is over.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken);

    /// <summary>Keeps an answer, in the place of an older one.</summary>
    /// <param name="key">The key: a hash, which tells nothing of the conversation.</param>
    /// <param name="answer">The answer. It holds what the model said: keep it where that may be kept.</param>
    /// <param name="timeToLive">How long to keep it.</param>
    /// <param name="cancellationToken">The caller's cancellation.</param>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> answer, TimeSpan timeToLive, CancellationToken cancellationToken);
}

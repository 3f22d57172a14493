using MeaiRouter.Caching;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A store of answers that keeps none.</summary>
internal sealed class NoStore : IResponseCacheStore
{
    public ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken) => new((ReadOnlyMemory<byte>?)null);

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> answer, TimeSpan timeToLive, CancellationToken cancellationToken) => default;
}

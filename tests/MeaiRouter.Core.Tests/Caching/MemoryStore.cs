using System.Collections.Concurrent;
using MeaiRouter.Caching;

namespace MeaiRouter.Core.Tests.Caching;

/// <summary>Keeps answers for ever, unless it is broken.</summary>
internal sealed class MemoryStore : IResponseCacheStore
{
    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _answers = new();

    public bool IsBroken { get; set; }

    public IReadOnlyCollection<string> Keys => [.. _answers.Keys];

    public TimeSpan LastTimeToLive { get; private set; }

    public async ValueTask<ReadOnlyMemory<byte>?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (IsBroken)
            throw new TimeoutException();
        return _answers.TryGetValue(key, out var answer) ? answer : (ReadOnlyMemory<byte>?)null;
    }

    public async ValueTask SetAsync(string key, ReadOnlyMemory<byte> answer, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (IsBroken)
            throw new TimeoutException();
        _answers[key] = answer;
        LastTimeToLive = timeToLive;
    }
}

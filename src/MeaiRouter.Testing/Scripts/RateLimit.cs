namespace MeaiRouter.Testing;

/// <summary>Admits at most so many requests in any span of the given length.</summary>
internal sealed class RateLimit(int requests, TimeSpan per, TimeProvider time)
{
    private readonly Queue<DateTimeOffset> _admitted = new();

    /// <summary>Admits a request, or tells how long until the next would be admitted. The caller synchronizes.</summary>
    public bool TryAdmit(out TimeSpan retryAfter)
    {
        var now = time.GetUtcNow();
        while (_admitted.TryPeek(out var oldest) && now - oldest >= per)
            _admitted.Dequeue();

        if (_admitted.Count < requests)
        {
            _admitted.Enqueue(now);
            retryAfter = TimeSpan.Zero;
            return true;
        }

        retryAfter = per - (now - _admitted.Peek());
        return false;
    }
}

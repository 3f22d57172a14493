using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Pricing;

namespace MeaiRouter.Affinity;

/// <summary>Where a conversation was answered last, and what its next turn is expected to take there. Immutable.</summary>
internal sealed class Pin
{
    // Anthropic's longer cache: https://docs.anthropic.com/en/docs/build-with-claude/prompt-caching
    private static readonly TimeSpan HourCache = TimeSpan.FromHours(1);

    private readonly long _input;
    private readonly long _output;
    private readonly long _cached;
    private readonly bool _writesCache;
    private readonly bool _writesHourCache;

    private Pin(EndpointName endpoint, in TokenUsage last, Pin? before, long timestamp, TimeSpan timeToLive)
    {
        var written = last.CacheWrite + last.CacheWrite1h;
        Endpoint = endpoint;
        Timestamp = timestamp;
        _input = last.TotalInput;
        _output = last.TotalOutput;
        _cached = written > 0 ? last.CacheRead + written : CachedUnasked(last, before);
        _writesCache = written > 0;
        _writesHourCache = last.CacheWrite1h > 0 || before?._writesHourCache == true;
        Lifetime = _writesHourCache && timeToLive < HourCache ? HourCache : timeToLive;
    }

    public EndpointName Endpoint { get; }

    /// <summary>When the endpoint answered.</summary>
    public long Timestamp { get; }

    /// <summary>How long after that the pin holds.</summary>
    public TimeSpan Lifetime { get; }

    /// <summary>Whether staying with an endpoint can pay: its cache is cheaper than its prompt.</summary>
    public static bool CanPay(ModelEndpoint endpoint) => endpoint.Price is { CacheRead: { } cacheRead } price && cacheRead < price.Prompt;

    /// <summary>The pin after an answer.</summary>
    /// <param name="attempt">The attempt that answered, at an endpoint that it pays to stay with.</param>
    /// <param name="before">The pin so far; <see langword="null"/> if there was none.</param>
    /// <param name="isSession">Whether the caller named the session, so that any answer pins.</param>
    /// <param name="timestamp">Now.</param>
    /// <param name="timeToLive">How long a pin holds at least.</param>
    /// <returns>The new pin; <see langword="null"/> where the answer is no reason for one.</returns>
    public static Pin? After(RouteAttempt attempt, Pin? before, bool isSession, long timestamp, TimeSpan timeToLive)
    {
        var (model, endpoint) = (attempt.Model!, attempt.Endpoint!);
        var own = before?.Endpoint.Names(model, endpoint) == true ? before : null;
        var usage = attempt.Usage.GetValueOrDefault();
        var usedCache = usage.CacheRead + usage.CacheWrite + usage.CacheWrite1h > 0;
        return isSession || usedCache || own is not null
            ? new Pin(own?.Endpoint ?? EndpointName.Of(model, endpoint), usage, own, timestamp, timeToLive)
            : null;
    }

    /// <summary>The next turn at the pinned endpoint: the prompt and the answer so far come again, and the cache knows its part of them.</summary>
    public TokenUsage Warm => Turn(_cached);

    /// <summary>The next turn anywhere else.</summary>
    public TokenUsage Cold => Turn(0);

    // A provider that reports no writes caches every prompt unasked. How well shows in what it found again of the prompt before.
    private static long CachedUnasked(in TokenUsage last, Pin? before) =>
        before is null or { _input: 0 } ? last.TotalInput : Math.Min(last.TotalInput, last.TotalInput * last.CacheRead / before._input);

    // What the cache does not hold is written to it where the last turn's was.
    private TokenUsage Turn(long cached)
    {
        var fresh = _input + _output - cached;
        return new TokenUsage
        {
            CacheRead = cached,
            Input = _writesCache ? 0 : fresh,
            CacheWrite = _writesCache && !_writesHourCache ? fresh : 0,
            CacheWrite1h = _writesCache && _writesHourCache ? fresh : 0,
            Output = _output,
            Requests = 1,
        };
    }
}

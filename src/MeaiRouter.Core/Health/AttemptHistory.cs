using MeaiRouter.Attempts;

namespace MeaiRouter.Health;

/// <summary>The windows over an endpoint's attempts. About 25 KB, whatever the traffic. Written under the endpoint's lock, read without.</summary>
internal sealed class AttemptHistory
{
    // Strategies may work with percentiles a little old; counting the bins anew for every request would cost more than the rest of a plan.
    private static readonly long FreshTicks = TimeSpan.FromMilliseconds(100).Ticks;

    // OpenRouter: outages 30 s, preferences and percentiles 5 min, effective price 30 min, tool calls 2 h.
    private readonly SlidingWindow<int> _outage = new(TimeSpan.FromSeconds(30), 6, Outcomes.Count);
    private readonly SlidingWindow<int> _metrics = new(TimeSpan.FromMinutes(5), 10, Bins.Count);
    // Apart from the metrics, because a recovery clears it.
    private readonly SlidingWindow<int> _uptime = new(TimeSpan.FromMinutes(5), 10, Outcomes.Count);
    private readonly SlidingWindow<long> _sums = new(TimeSpan.FromHours(2), 24, Sums.Count);
    private Computed? _throughput;
    private Computed? _timeToFirstContent;
    private Computed? _duration;

    public void Answer(RouteAttempt attempt, long now)
    {
        _outage.Current(now)[Outcomes.Answered]++;
        _uptime.Current(now)[Outcomes.Answered]++;
        var metrics = _metrics.Current(now);
        var sums = _sums.Current(now);
        metrics[Outcomes.Answered]++;
        metrics[Bins.Duration + LogScale.BinOf(attempt.Duration.TotalSeconds)]++;
        sums[Sums.Answered]++;
        sums[Sums.LatencyTicks] += (attempt.TimeToFirstContent ?? attempt.Duration).Ticks;

        if (attempt is { IsStreamed: true, TimeToFirstContent: { } wait })
        {
            metrics[Bins.TimeToFirstContent + LogScale.BinOf(wait.TotalSeconds)]++;
            sums[Sums.Streamed]++;
            sums[Sums.WaitTicks] += wait.Ticks;
        }

        if (attempt.Usage is { } usage)
        {
            sums[Sums.InputTokens] += usage.TotalInput;
            sums[Sums.CachedTokens] += usage.CacheRead;
            if (usage.TotalOutput > 0 && attempt.Duration > TimeSpan.Zero)
            {
                // Over the whole call: a slow start is part of how fast an answer comes.
                metrics[Bins.Throughput + LogScale.BinOf(usage.TotalOutput / attempt.Duration.TotalSeconds)]++;
                sums[Sums.Measured]++;
                sums[Sums.OutputTokens] += usage.TotalOutput;
                sums[Sums.DurationTicks] += attempt.Duration.Ticks;
            }
        }

        if (attempt.HasToolCalls)
        {
            sums[Sums.ToolAnswers]++;
            sums[Sums.BadToolAnswers] += attempt.HasBadToolCall ? 1 : 0;
        }
    }

    public void Fail(long now)
    {
        _outage.Current(now)[Outcomes.Failed]++;
        _uptime.Current(now)[Outcomes.Failed]++;
        _metrics.Current(now)[Outcomes.Failed]++;
        _sums.Current(now)[Sums.Failed]++;
    }

    /// <summary>
    /// The endpoint has recovered. Its uptime begins anew: judged by the failures the breaker has already made it pay for it would count as
    /// down once enough requests were counted, get no more of them, and so have no way of improving until those failures are forgotten.
    /// </summary>
    public void Recover() => _uptime.Clear();

    public void RateLimit(long now)
    {
        _outage.Current(now)[Outcomes.RateLimited]++;
        _metrics.Current(now)[Outcomes.RateLimited]++;
        _sums.Current(now)[Sums.RateLimited]++;
    }

    /// <summary>Requests answered, failed and refused in the last 30 s.</summary>
    public (int Answered, int Failed, int RateLimited) LastHalfMinute(long now) => Count(_outage, now);

    /// <summary>Requests answered, failed and refused in the last five minutes.</summary>
    public (int Answered, int Failed, int RateLimited) LastFiveMinutes(long now) => Count(_metrics, now);

    /// <summary>Requests answered and failed in the last five minutes, or since the endpoint recovered within them.</summary>
    public (int Answered, int Failed) SinceRecovery(long now) => (_uptime.Sum(now, Outcomes.Answered), _uptime.Sum(now, Outcomes.Failed));

    /// <summary>Output tokens per second, over five minutes.</summary>
    public Percentiles? Throughput(long now) => Recent(ref _throughput, now, Bins.Throughput, moreIsBetter: true);

    /// <summary>Seconds to the first content, over five minutes.</summary>
    public Percentiles? TimeToFirstContent(long now) => Recent(ref _timeToFirstContent, now, Bins.TimeToFirstContent, moreIsBetter: false);

    /// <summary>Seconds of whole calls, over five minutes.</summary>
    public Percentiles? Duration(long now) => Recent(ref _duration, now, Bins.Duration, moreIsBetter: false);

    /// <summary>Sums over the last slots of five minutes.</summary>
    /// <param name="now">The present.</param>
    /// <param name="slots">How many: 6 are half an hour, 24 two hours.</param>
    /// <param name="fading">The weight of a slot relative to the next newer one; 1 to add them as they are.</param>
    public Traffic Total(long now, int slots, double fading)
    {
        Span<double> totals = stackalloc double[Sums.Count];
        totals.Clear();
        var weight = 1.0;
        for (var age = 0; age < slots; age++, weight *= fading)
        {
            var row = _sums.Past(now, age);
            for (var i = 0; i < row.Length; i++)
                totals[i] += weight * row[i];
        }

        return new Traffic
        {
            Answered = totals[Sums.Answered],
            Failed = totals[Sums.Failed],
            RateLimited = totals[Sums.RateLimited],
            Measured = totals[Sums.Measured],
            OutputTokens = totals[Sums.OutputTokens],
            Seconds = totals[Sums.DurationTicks] / TimeSpan.TicksPerSecond,
            LatencySeconds = totals[Sums.LatencyTicks] / TimeSpan.TicksPerSecond,
            Streamed = totals[Sums.Streamed],
            SecondsToFirstContent = totals[Sums.WaitTicks] / TimeSpan.TicksPerSecond,
            InputTokens = totals[Sums.InputTokens],
            CachedTokens = totals[Sums.CachedTokens],
            ToolAnswers = totals[Sums.ToolAnswers],
            BadToolAnswers = totals[Sums.BadToolAnswers],
        };
    }

    private static (int Answered, int Failed, int RateLimited) Count(SlidingWindow<int> window, long now) =>
        (window.Sum(now, Outcomes.Answered), window.Sum(now, Outcomes.Failed), window.Sum(now, Outcomes.RateLimited));

    private Percentiles? Recent(ref Computed? computed, long now, int firstBin, bool moreIsBetter)
    {
        if (Volatile.Read(ref computed) is { } known && now - known.At < FreshTicks)
            return known.Percentiles;

        Span<int> counts = stackalloc int[LogScale.Bins];
        counts.Clear();
        _metrics.AddTo(counts, now, firstBin);
        var percentiles = LogScale.Percentiles(counts, moreIsBetter);
        Volatile.Write(ref computed, new Computed(now, percentiles));
        return percentiles;
    }

    private static class Outcomes
    {
        public const int Answered = 0, Failed = 1, RateLimited = 2, Count = 3;
    }

    private static class Bins
    {
        public const int TimeToFirstContent = Outcomes.Count;
        public const int Throughput = TimeToFirstContent + LogScale.Bins;
        public const int Duration = Throughput + LogScale.Bins;
        public const int Count = Duration + LogScale.Bins;
    }

    private static class Sums
    {
        public const int Answered = 0, Failed = 1, RateLimited = 2, Measured = 3, OutputTokens = 4, DurationTicks = 5, Streamed = 6, WaitTicks = 7,
            InputTokens = 8, CachedTokens = 9, ToolAnswers = 10, BadToolAnswers = 11, LatencyTicks = 12, Count = 13;
    }

    private sealed record Computed(long At, Percentiles? Percentiles);
}

using MeaiRouter.Health;

namespace MeaiRouter.Routing;

/// <summary>What to expect of a request to an endpoint: its own numbers, drawn towards those of a typical peer while they are few.</summary>
internal readonly record struct EndpointRates(
    double SecondsPerToken, double SecondsToFirstContent, double CachedShare, double ErrorRate, double RefusalRate, double BadToolCallRate)
{
    /// <summary>The typical peer: the mean of what was measured, each endpoint counting the same however much traffic it has.</summary>
    public static EndpointRates Typical(ReadOnlySpan<Traffic> peers, BalancedOptions options)
    {
        var (speed, wait, cached) = (new Mean(), new Mean(), new Mean());
        foreach (ref readonly var peer in peers)
        {
            speed.Add(peer.Seconds, peer.OutputTokens);
            wait.Add(peer.SecondsToFirstContent, peer.Streamed);
            cached.Add(peer.CachedTokens, peer.InputTokens);
        }

        // Failures of one endpoint say nothing about another.
        return new(
            speed.Value ?? 1 / options.TypicalThroughput, wait.Value ?? options.TypicalLatency, cached.Value ?? 0, options.TypicalErrorRate, 0, 0);
    }

    public static EndpointRates Of(in Traffic own, in EndpointRates typical, BalancedOptions options)
    {
        var weight = options.RequestsToKnow;
        var settled = own.Answered + own.Failed;
        return new(
            Blend(own.Seconds / own.OutputTokens, own.Measured, typical.SecondsPerToken, weight),
            Blend(own.SecondsToFirstContent / own.Streamed, own.Streamed, typical.SecondsToFirstContent, weight),
            Blend(own.CachedTokens / own.InputTokens, own.InputTokens > 0 ? own.Answered : 0, typical.CachedShare, weight),
            Blend(own.Failed / settled, settled, typical.ErrorRate, weight),
            Blend(own.RateLimited / (settled + own.RateLimited), settled + own.RateLimited, typical.RefusalRate, weight),
            Blend(own.BadToolAnswers / own.ToolAnswers, own.ToolAnswers, typical.BadToolCallRate, weight));
    }

    private static double Blend(double own, double requests, double typical, double weight) =>
        requests > 0 ? ((requests * own) + (weight * typical)) / (requests + weight) : typical;

    private struct Mean
    {
        private double _sum;
        private int _count;

        public readonly double? Value => _count > 0 ? _sum / _count : null;

        public void Add(double amount, double of)
        {
            if (of <= 0)
                return;
            _sum += amount / of;
            _count++;
        }
    }
}

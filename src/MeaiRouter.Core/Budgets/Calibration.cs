using System.Collections.Concurrent;
using MeaiRouter.Pricing;

namespace MeaiRouter.Budgets;

/// <summary>What calls of a model by a caller really cost, as a share of the most they could have: the dearest of the latest hundred to two hundred.</summary>
internal sealed class Calibration
{
    private const int Generation = 100;

    // Fewer tell too little of the dearest.
    private const int Fewest = 20;

    // Beyond it further callers are held at the most their calls can cost.
    private const int MostPairs = 10_000;

    private readonly ConcurrentDictionary<(string Model, string Caller), Shares> _shares = new();

    /// <summary>What a call that costs at most the given amount is expected to cost.</summary>
    public NanoUsd Expect(string model, string caller, NanoUsd most)
    {
        if (!_shares.TryGetValue((model, caller), out var shares) || shares.Dearest is not { } dearest)
            return most;
        return new NanoUsd((long)decimal.Ceiling(most.Value * Math.Min(dearest, 1)));
    }

    /// <summary>Learns what a call cost.</summary>
    public void Observe(string model, string caller, NanoUsd cost, NanoUsd most)
    {
        if (most <= NanoUsd.Zero)
            return;
        if (!_shares.TryGetValue((model, caller), out var shares))
        {
            if (_shares.Count >= MostPairs)
                return;
            shares = _shares.GetOrAdd((model, caller), static _ => new Shares());
        }

        shares.Add((decimal)cost.Value / most.Value);
    }

    private sealed class Shares
    {
        private readonly Lock _lock = new();
        private decimal _older;
        private decimal _newer;
        private int _count;
        private bool _isFull;

        public decimal? Dearest
        {
            get
            {
                lock (_lock)
                    return _isFull || _count >= Fewest ? Math.Max(_older, _newer) : null;
            }
        }

        public void Add(decimal share)
        {
            lock (_lock)
            {
                _newer = Math.Max(_newer, share);
                if (++_count < Generation)
                    return;
                (_older, _newer, _count, _isFull) = (_newer, 0, 0, true);
            }
        }
    }
}

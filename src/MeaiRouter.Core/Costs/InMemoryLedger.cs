using System.Runtime.InteropServices;
using MeaiRouter.Attempts;
using MeaiRouter.Pricing;

namespace MeaiRouter.Costs;

/// <summary>A ledger in memory: exact totals since it was created, and the latest records.</summary>
public sealed class InMemoryLedger : ILedger
{
    private readonly Lock _lock = new();
    private readonly Queue<GenerationRecord> _records = new();
    private readonly Dictionary<(string? Model, string Provider), RunningTotal> _totals = [];
    private readonly int _capacity;
    private long _dropped;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="capacity">How many records to keep; older ones are dropped, totals are not.</param>
    public InMemoryLedger(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

    /// <summary>How many records there were that are not kept any more.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>The latest records, oldest first.</summary>
    public IReadOnlyList<GenerationRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    /// <summary>What each provider has cost for each model, dearest first.</summary>
    public IReadOnlyList<SpendTotal> Totals
    {
        get
        {
            lock (_lock)
                return [.. _totals.Select(total => total.Value.ToTotal(total.Key.Model, total.Key.Provider)).OrderByDescending(total => total.Cost).ThenBy(total => total.Model, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);

        lock (_lock)
        {
            if (_records.Count == _capacity)
            {
                _records.Dequeue();
                _dropped++;
            }

            _records.Enqueue(record);

            for (var i = 0; i < record.Attempts.Count; i++)
            {
                var attempt = record.Attempts[i];
                ref var total = ref CollectionsMarshal.GetValueRefOrAddDefault(_totals, (attempt.Model, attempt.Provider), out _);
                total ??= new RunningTotal();
                total.Add(attempt);
            }
        }

        return ValueTask.CompletedTask;
    }

    private sealed class RunningTotal
    {
        private long _attempts;
        private long _answers;
        private long _unpriced;
        private TokenUsage _usage;
        private NanoUsd _cost;

        public void Add(AttemptRecord attempt)
        {
            _attempts++;
            _answers += attempt.Outcome == AttemptOutcome.Answered ? 1 : 0;
            _unpriced += attempt.Cost is null ? 1 : 0;
            _usage += attempt.Usage;
            _cost += attempt.Cost.GetValueOrDefault();
        }

        public SpendTotal ToTotal(string? model, string provider) => new(model, provider)
        {
            Attempts = _attempts,
            Answers = _answers,
            Unpriced = _unpriced,
            Usage = _usage,
            Cost = _cost,
        };
    }
}

namespace MeaiRouter.Costs;

/// <summary>A ledger in memory: exact totals since it was created, and the latest records.</summary>
public sealed class InMemoryLedger : ILedger
{
    private readonly Lock _lock = new();
    private readonly Queue<GenerationRecord> _records = new();
    private readonly Dictionary<(string? Model, string Provider), SpendTotal> _totals = [];
    private readonly int _capacity;

    /// <summary>Creates an empty ledger.</summary>
    /// <param name="capacity">How many records to keep; older ones are dropped, totals are not.</param>
    public InMemoryLedger(int capacity = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _capacity = capacity;
    }

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
                return [.. _totals.Values.OrderByDescending(total => total.Cost).ThenBy(total => total.Model, StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);

        lock (_lock)
        {
            if (_records.Count == _capacity)
                _records.Dequeue();
            _records.Enqueue(record);

            foreach (var attempt in record.Attempts)
            {
                var key = (attempt.Model, attempt.Provider);
                _totals[key] = _totals.GetValueOrDefault(key, new SpendTotal(attempt.Model, attempt.Provider)).Plus(attempt);
            }
        }

        return ValueTask.CompletedTask;
    }
}

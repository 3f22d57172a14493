namespace MeaiRouter.Load;

/// <summary>The requests of one priority that wait: the callers take turns, each in the order he came.</summary>
/// <param name="weight">The line's share of the room relative to the other lines.</param>
internal sealed class WaitingLine(int weight)
{
    private readonly Dictionary<string, LinkedListNode<CallerRow>> _rows = new(StringComparer.Ordinal);
    private readonly LinkedList<CallerRow> _turns = new();

    public int Weight => weight;

    /// <summary>What is owed to the line, in the weights of all lines that waited while others went.</summary>
    public int Credit { get; set; }

    public bool IsEmpty => _turns.Count == 0;

    public int CountOf(string caller) => _rows.TryGetValue(caller, out var row) ? row.Value.Waiters.Count : 0;

    public void Add(Waiter waiter)
    {
        if (!_rows.TryGetValue(waiter.Caller, out var row))
            _rows.Add(waiter.Caller, row = _turns.AddLast(new CallerRow(waiter.Caller)));
        waiter.Place = row.Value.Waiters.AddLast(waiter);
    }

    /// <summary>Takes out whose turn it is. There must be somebody.</summary>
    public Waiter TakeNext()
    {
        var row = _turns.First!;
        var waiter = row.Value.Waiters.First!.Value;
        _turns.RemoveFirst();
        _turns.AddLast(row);
        Remove(waiter);
        return waiter;
    }

    public void Remove(Waiter waiter)
    {
        var row = _rows[waiter.Caller];
        row.Value.Waiters.Remove(waiter.Place!);
        waiter.Place = null;
        if (row.Value.Waiters.Count > 0)
            return;

        _rows.Remove(waiter.Caller);
        _turns.Remove(row);

        // A line that comes back later is owed nothing for the time it was empty.
        if (_turns.Count == 0)
            Credit = 0;
    }

    /// <summary>The newest request of the caller with the most of them; <see langword="null"/> if nobody waits.</summary>
    public Waiter? NewestOfLongestRow(out int length)
    {
        CallerRow? longest = null;
        foreach (var row in _turns)
        {
            if (longest is null || row.Waiters.Count > longest.Waiters.Count)
                longest = row;
        }

        length = longest?.Waiters.Count ?? 0;
        return longest?.Waiters.Last!.Value;
    }
}

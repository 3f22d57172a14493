using System.Numerics;

namespace MeaiRouter.Health;

/// <summary>Rows of sums over the last while: a ring of slots of time, the oldest overwritten as time goes on. Its memory is fixed.</summary>
/// <remarks>
/// One writer at a time. Readers take no lock: a slot that is being overwritten has no period, and is left out. The newest slot is not
/// over yet, so that the window reaches back between one slot less than its length and its length. Nothing is allocated before the first write.
/// </remarks>
internal sealed class SlidingWindow<T>
    where T : unmanaged, INumber<T>
{
    private const long Empty = -1;

    private readonly long _slotTicks;
    private readonly int _slots;
    private readonly int _columns;
    private long[]? _periods;
    private T[] _cells = [];

    public SlidingWindow(TimeSpan length, int slots, int columns)
    {
        _slotTicks = length.Ticks / slots;
        _slots = slots;
        _columns = columns;
    }

    /// <summary>The row of the present, for the writer to add to.</summary>
    public Span<T> Current(long now)
    {
        var periods = _periods ?? Allocate();
        var period = now / _slotTicks;
        var slot = (int)(period % _slots);
        var row = _cells.AsSpan(slot * _columns, _columns);
        if (periods[slot] != period)
        {
            Volatile.Write(ref periods[slot], Empty);
            row.Clear();
            Volatile.Write(ref periods[slot], period);
        }

        return row;
    }

    /// <summary>The row of a slot that began <paramref name="age"/> slots before the present one; empty if nothing happened then.</summary>
    public ReadOnlySpan<T> Past(long now, int age)
    {
        var period = (now / _slotTicks) - age;
        if (period < 0 || Volatile.Read(ref _periods) is not { } periods)
            return [];
        var slot = (int)(period % _slots);
        return Volatile.Read(ref periods[slot]) == period ? _cells.AsSpan(slot * _columns, _columns) : [];
    }

    /// <summary>The sum of one column over the whole window.</summary>
    public T Sum(long now, int column)
    {
        var sum = T.Zero;
        for (var age = 0; age < _slots; age++)
        {
            var row = Past(now, age);
            if (!row.IsEmpty)
                sum += row[column];
        }

        return sum;
    }

    /// <summary>Adds neighbouring columns of the whole window to <paramref name="totals"/>.</summary>
    public void AddTo(Span<T> totals, long now, int firstColumn)
    {
        for (var age = 0; age < _slots; age++)
        {
            var row = Past(now, age);
            for (var i = 0; i < totals.Length && !row.IsEmpty; i++)
                totals[i] += row[firstColumn + i];
        }
    }

    public void Clear()
    {
        if (_periods is not null)
            Array.Fill(_periods, Empty);
    }

    private long[] Allocate()
    {
        var periods = new long[_slots];
        Array.Fill(periods, Empty);
        _cells = new T[_slots * _columns];
        Volatile.Write(ref _periods, periods);
        return periods;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace MeaiRouter.Collections;

/// <summary>
/// A map of fixed size. When it is full, a hand goes round and takes the place of the first entry nobody has asked for since it last
/// came by. Reading takes no lock.
/// </summary>
internal sealed class SecondChanceMap<T>(int capacity)
    where T : class
{
    private readonly ConcurrentDictionary<ulong, Entry> _entries = new(new SeededComparer());
    private readonly List<Entry> _ring = [];
    private readonly Lock _lock = new();
    private int _hand;

    public T? Find(ulong key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            return null;

        entry.WasUsed = true;
        return entry.Value;
    }

    /// <summary>The value that is there, or else the given one, which then is.</summary>
    public T GetOrAdd(ulong key, T value)
    {
        lock (_lock)
        {
            if (Find(key) is { } known)
                return known;
            Add(key, value);
            return value;
        }
    }

    public void Set(ulong key, T value)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out var known))
            {
                known.Value = value;
                known.WasUsed = true;
                return;
            }

            Add(key, value);
        }
    }

    private void Add(ulong key, T value)
    {
        var entry = new Entry(key, value);
        if (_ring.Count < capacity)
            _ring.Add(entry);
        else
            Replace(entry);
        _entries[key] = entry;
    }

    private void Replace(Entry entry)
    {
        while (_ring[_hand].WasUsed)
        {
            _ring[_hand].WasUsed = false;
            Advance();
        }

        _entries.TryRemove(_ring[_hand].Key, out _);
        _ring[_hand] = entry;
        Advance();
    }

    private void Advance() => _hand = (_hand + 1) % _ring.Count;

    private sealed class Entry(ulong key, T value)
    {
        private volatile T _value = value;
        private volatile bool _wasUsed;

        public ulong Key => key;

        public T Value
        {
            get => _value;
            set => _value = value;
        }

        public bool WasUsed
        {
            get => _wasUsed;
            set
            {
                // Written only where it changes, so that readers of a busy conversation share the cache line.
                if (_wasUsed != value)
                    _wasUsed = value;
            }
        }
    }

    // Keys follow from what callers send; a seed of our own keeps them from filling one bucket.
    private sealed class SeededComparer : IEqualityComparer<ulong>
    {
        public bool Equals(ulong x, ulong y) => x == y;

        public int GetHashCode([DisallowNull] ulong key) => HashCode.Combine(key);
    }
}

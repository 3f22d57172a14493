using System.Runtime.CompilerServices;

namespace MeaiRouter.Diagnostics;

/// <summary>What an observable instrument looks at. Whoever is disposed takes himself out, and whoever was forgotten is not kept alive.</summary>
internal sealed class ObservedSet<T>
    where T : class
{
    private readonly ConditionalWeakTable<T, StrongBox<int>> _users = [];

    /// <summary>Puts one in, or counts another user of it.</summary>
    public void Add(T observed)
    {
        lock (_users)
            _users.GetValue(observed, static _ => new StrongBox<int>()).Value++;
    }

    /// <summary>Takes one out once it has no user left.</summary>
    public void Remove(T observed)
    {
        lock (_users)
        {
            if (_users.TryGetValue(observed, out var users) && --users.Value == 0)
                _users.Remove(observed);
        }
    }

    /// <summary>Those that are in use.</summary>
    public T[] Living()
    {
        lock (_users)
            return [.. _users.Select(static pair => pair.Key)];
    }
}

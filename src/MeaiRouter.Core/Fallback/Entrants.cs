namespace MeaiRouter.Fallback;

/// <summary>The attempts that run, in the order they began. Nearly always there is one, and it costs no list.</summary>
internal struct Entrants<T>
{
    private Entrant<T>? _first;

    public readonly bool IsEmpty => _first is null;

    public readonly Entrant<T>? Newest
    {
        get
        {
            var entrant = _first;
            while (entrant?.Next is { } next)
                entrant = next;
            return entrant;
        }
    }

    /// <summary>Whether another one may run beside each of them; also if there is none.</summary>
    public readonly bool ArePassed
    {
        get
        {
            for (var entrant = _first; entrant is not null; entrant = entrant.Next)
            {
                if (!entrant.IsPassed)
                    return false;
            }

            return true;
        }
    }

    /// <summary>The first whose task is done; <see langword="null"/> while there is none.</summary>
    public readonly Entrant<T>? Done
    {
        get
        {
            for (var entrant = _first; entrant is not null; entrant = entrant.Next)
            {
                if (entrant.Task.IsCompleted)
                    return entrant;
            }

            return null;
        }
    }

    /// <summary>Completes, or fails, when the first of them does. There must be one.</summary>
    public readonly Task AnyDoneAsync()
    {
        if (_first!.Next is null)
            return _first.Task;

        var tasks = new List<Task>();
        for (var entrant = _first; entrant is not null; entrant = entrant.Next)
            tasks.Add(entrant.Task);
        return Task.WhenAny(tasks);
    }

    public void Add(Entrant<T> entrant)
    {
        if (Newest is { } newest)
            newest.Next = entrant;
        else
            _first = entrant;
    }

    public void Remove(Entrant<T> entrant)
    {
        if (ReferenceEquals(_first, entrant))
        {
            _first = entrant.Next;
            return;
        }

        var before = _first;
        while (before is not null && !ReferenceEquals(before.Next, entrant))
            before = before.Next;
        if (before is not null)
            before.Next = entrant.Next;
    }

    /// <summary>Takes the first one out; <see langword="null"/> if there is none.</summary>
    public Entrant<T>? TakeFirst()
    {
        var first = _first;
        _first = first?.Next;
        return first;
    }
}

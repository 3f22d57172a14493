namespace MeaiRouter.Catalog;

/// <summary>A catalogue that follows its sources: they are merged, and the result is swapped as a whole.</summary>
/// <remarks>
/// Ask <see cref="Current"/> once per request. Requests under way keep the snapshot they took, so a change drops none of them. A merge
/// that fails leaves the snapshot in force as it is and says why in <see cref="LastError"/>.
/// </remarks>
public sealed class LiveCatalog : IDisposable
{
    private readonly Lock _lock = new();
    private IReadOnlyList<ICatalogSource> _sources;
    private IReadOnlyList<string>? _providers;
    private readonly TimeProvider _time;

    private CatalogSnapshot _current;
    private string? _mergeError;

    /// <summary>Merges the sources and starts to follow them.</summary>
    /// <param name="sources">The sources. They are not disposed with the catalogue.</param>
    /// <param name="providers">
    /// The providers there are clients for: endpoints of others are left out. <see langword="null"/> keeps every endpoint.
    /// </param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">The sources contradict each other; see <see cref="CatalogMerge.Merge"/>.</exception>
    public LiveCatalog(IEnumerable<ICatalogSource> sources, IEnumerable<string>? providers = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(sources);

        _sources = [.. sources];
        _providers = providers?.ToArray();
        _time = timeProvider ?? TimeProvider.System;

        lock (_lock)
        {
            // Subscribed first: a change in between waits for the lock instead of being missed.
            foreach (var source in _sources)
                source.Changed += OnSourceChanged;
            try
            {
                _current = new CatalogSnapshot(Merged(), 1, _time.GetUtcNow());
            }
            catch
            {
                // Sources may go on for long, and would keep what nobody has.
                Dispose();
                throw;
            }
        }
    }

    /// <summary>Raised after <see cref="Current"/> was swapped, on the thread that caused it. Handlers must not throw; what they throw is ignored.</summary>
    public event EventHandler<CatalogChangedEventArgs>? Changed;

    /// <summary>The snapshot in force. Costs one read.</summary>
    public CatalogSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Why the newest state of a source is not in <see cref="Current"/>; <see langword="null"/> if everything is.</summary>
    public string? LastError =>
        Volatile.Read(ref _mergeError) ?? Volatile.Read(ref _sources).Select(source => source.LastError).FirstOrDefault(error => error is not null);

    /// <summary>Stops following the sources. The snapshot in force stays.</summary>
    public void Dispose()
    {
        foreach (var source in Volatile.Read(ref _sources))
            source.Changed -= OnSourceChanged;
    }

    /// <summary>Follows other sources from now on.</summary>
    internal void Replace(IReadOnlyList<ICatalogSource> sources, IReadOnlyList<string>? providers)
    {
        lock (_lock)
        {
            foreach (var source in _sources)
                source.Changed -= OnSourceChanged;
            foreach (var source in sources)
                source.Changed += OnSourceChanged;
            Volatile.Write(ref _sources, sources);
            _providers = providers;
        }

        OnSourceChanged(this, EventArgs.Empty);
    }

    private void OnSourceChanged(object? sender, EventArgs change)
    {
        CatalogSnapshot snapshot;
        lock (_lock)
        {
            try
            {
                snapshot = new CatalogSnapshot(Merged(), _current.Version + 1, _time.GetUtcNow());
            }
            catch (ArgumentException contradiction)
            {
                Volatile.Write(ref _mergeError, contradiction.Message);
                return;
            }

            Volatile.Write(ref _mergeError, null);
            Volatile.Write(ref _current, snapshot);
        }

        try
        {
            Changed?.Invoke(this, new CatalogChangedEventArgs(snapshot));
        }
        catch (Exception)
        {
            // The snapshot is in force, whatever somebody who listens makes of it, and others who follow the source must hear of it as well.
        }
    }

    private ModelCatalog Merged()
    {
        var catalog = CatalogMerge.Merge(_sources.Select(source => source.Current));
        return _providers is null ? catalog : catalog.ServedBy(_providers);
    }
}

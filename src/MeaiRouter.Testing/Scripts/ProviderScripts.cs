using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace MeaiRouter.Testing;

/// <summary>What a provider knows: its models' scripts and the keys it takes.</summary>
internal sealed class ProviderScripts(TimeProvider time)
{
    private const string Bearer = "Bearer ";

    private readonly ConcurrentDictionary<string, ModelScript> _scripts = new(StringComparer.Ordinal);
    private ModelScript? _anyModel;
    private volatile ImmutableHashSet<string> _keys = [];
    private volatile StrictDialect? _dialect;

    /// <summary>The dialect of models that have none of their own.</summary>
    public StrictDialect? Dialect
    {
        get => _dialect;
        set => _dialect = value;
    }

    public IEnumerable<string> Models => _scripts.Keys.Order(StringComparer.Ordinal);

    public ModelScript ForModel(string model) => _scripts.GetOrAdd(model, static (_, time) => new ModelScript(time), time);

    public ModelScript ForAnyModel() => LazyInitializer.EnsureInitialized(ref _anyModel, () => new ModelScript(time));

    public ModelScript? Find(string model) => _scripts.TryGetValue(model, out var script) ? script : Volatile.Read(ref _anyModel);

    public void RequireKey(ReadOnlySpan<string> keys) => _keys = [.. keys];

    public bool Admits(string? authorization) =>
        _keys.IsEmpty
        || (authorization?.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) == true && _keys.Contains(authorization[Bearer.Length..]));
}

using System.Collections.Concurrent;
using MeaiRouter.Catalog;

namespace MeaiRouter.Load;

/// <summary>The gates of all endpoints, kept apart from the catalogue so that what is in flight outlives a reload.</summary>
/// <param name="options">The limits where endpoints set none, validated.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="predecessor">A board whose gates are taken over, with all who are in them and in line; each board sets its own limits.</param>
internal sealed class LoadBoard(LoadOptions options, TimeProvider timeProvider, LoadBoard? predecessor = null)
{
    private readonly ConcurrentDictionary<(string Model, string Tag, string ProviderModel), LoadGate> _endpoints = predecessor?._endpoints ?? new();
    private readonly ConcurrentDictionary<string, LoadGate> _clients = predecessor?._clients ?? new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, LoadGate> _providers = predecessor?._providers ?? new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<(LoadGate? Endpoint, LoadGate? Provider), EndpointLoad> _loads = predecessor?._loads ?? new();
    private readonly ConcurrentDictionary<(int MaxConcurrency, int? QueueLimit), ConcurrencyLimit> _limits = new();

    // A board that never came into use has set no limit, so another may have its number.
    private readonly int _generation = predecessor is null ? 0 : predecessor._generation + 1;

    /// <summary>What is before an endpoint; <see langword="null"/>, which costs nothing, if it has no limit.</summary>
    public EndpointLoad? Of(Model model, ModelEndpoint endpoint)
    {
        var own = endpoint.MaxConcurrency ?? options.MaxConcurrency;
        if (own is null && options.Providers.Count == 0)
            return null;

        return Of(
            own is null ? null : _endpoints
                .GetOrAdd((model.Id, endpoint.Tag, endpoint.Model), static (_, made) => new LoadGate($"'{made.Endpoint}'", made.Time), (Endpoint: endpoint, Time: timeProvider))
                .Under(Limit(own.Value, endpoint.QueueLimit), options, _generation),
            endpoint.Provider);
    }

    /// <summary>What is before a client that is in no catalogue; <see langword="null"/> if there is no limit.</summary>
    /// <param name="name">The client's name, as attempts give it for the provider.</param>
    public EndpointLoad? Of(string name)
    {
        if (options.MaxConcurrency is null && options.Providers.Count == 0)
            return null;

        return Of(
            options.MaxConcurrency is not { } own ? null : _clients
                .GetOrAdd(name, static (name, time) => new LoadGate($"'{name}'", time), timeProvider)
                .Under(Limit(own, null), options, _generation),
            name);
    }

    /// <summary>Whether an attempt at an endpoint would begin at once, rather than wait.</summary>
    public bool HasRoom(Model model, ModelEndpoint endpoint) => Of(model, endpoint)?.HasRoom != false;

    /// <summary>Every gate there is, those of predecessors and successors too, with what it leads to.</summary>
    public IEnumerable<(string? Model, string? Provider, string? Endpoint, LoadGate Gate)> Gates()
    {
        foreach (var ((model, tag, _), gate) in _endpoints)
            yield return (model, null, tag, gate);
        foreach (var (name, gate) in _clients)
            yield return (null, name, null, gate);
        foreach (var (name, gate) in _providers)
            yield return (null, name, null, gate);
    }

    private EndpointLoad? Of(LoadGate? endpoint, string providerName)
    {
        var provider = options.Providers.TryGetValue(providerName, out var limit)
            ? _providers
                .GetOrAdd(providerName, static (name, time) => new LoadGate($"the provider '{name}'", time), timeProvider)
                .Under(limit, options, _generation)
            : null;
        return endpoint is null && provider is null
            ? null
            : _loads.GetOrAdd((endpoint, provider), static gates => new EndpointLoad(gates.Endpoint, gates.Provider));
    }

    // The same instance for the same numbers, so that a gate sees at a glance that nothing has changed.
    private ConcurrencyLimit Limit(int maxConcurrency, int? queueLimit) =>
        _limits.GetOrAdd((maxConcurrency, queueLimit), static limit => new ConcurrencyLimit(limit.MaxConcurrency, limit.QueueLimit));
}

using System.Collections.Concurrent;
using MeaiRouter.Catalog;
using MeaiRouter.Keys;

namespace MeaiRouter.Health;

/// <summary>The health of every endpoint, kept apart from the catalogue so that it outlives a reload.</summary>
/// <remarks>Routers that share a board call each provider with the same keys: those of the router that was made last.</remarks>
/// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
/// <param name="options">How to judge; <see langword="null"/> for the defaults.</param>
public sealed class HealthBoard(TimeProvider? timeProvider = null, HealthOptions? options = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly HealthOptions _options = options ?? new HealthOptions();
    private readonly ConcurrentDictionary<(string Model, string Tag, string ProviderModel), Entry> _endpoints = new();
    private readonly Dictionary<(string Domain, int Key), Quota> _quotas = [];
    private readonly Dictionary<string, OwnKey[]> _keys = new(StringComparer.OrdinalIgnoreCase);
    private readonly Lock _write = new();
    private CallersKeys? _callersKeys;

    /// <summary>The health of an endpoint, or of its use with a key of a caller's; the same instance each time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">
    /// The endpoint. Those with the same <see cref="ModelEndpoint.QuotaDomain"/> rest together after a 429, key by key; providers that
    /// share one do so in the order of their keys.
    /// </param>
    /// <param name="callersKey">
    /// The key of a caller's own that the endpoint is called with, whose health is kept apart, as long as there is room
    /// (<see cref="HealthOptions.CallersKeys"/>); <see langword="null"/> for the provider's own keys.
    /// </param>
    public EndpointHealth For(Model model, ModelEndpoint endpoint, ProviderKey? callersKey = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(endpoint);
        if (callersKey is not null)
            return LazyInitializer.EnsureInitialized(ref _callersKeys, () => new CallersKeys(_time, _options)).For(model, endpoint, callersKey);

        var name = (model.Id, endpoint.Tag, endpoint.Model);
        return _endpoints.TryGetValue(name, out var known) ? known.Health : Add(name, endpoint);
    }

    /// <summary>The endpoints at which an attempt has ended.</summary>
    internal IEnumerable<(string Model, ModelEndpoint Endpoint, EndpointHealth Health)> Called()
    {
        foreach (var (name, entry) in _endpoints)
        {
            if (entry.Health.WasCalled)
                yield return (name.Model, entry.Endpoint, entry.Health);
        }
    }

    /// <summary>Takes note of a provider's own keys, in place of those before. What is known about a key that stays is kept.</summary>
    internal void Register(string provider, IReadOnlyList<ProviderKey> keys)
    {
        lock (_write)
        {
            var before = _keys.GetValueOrDefault(provider) ?? [];
            if (keys.Select(static key => key.Secret).SequenceEqual(before.Select(static own => own.Key.Secret), StringComparer.Ordinal))
                return;

            _keys[provider] = [.. keys.Select(key => new OwnKey(key, Find(before, key)?.Rest ?? new KeyRest(_options)))];
            foreach (var entry in _endpoints.Values)
            {
                if (string.Equals(entry.Endpoint.Provider, provider, StringComparison.OrdinalIgnoreCase))
                    entry.Health.Use(KeysOf(entry.Endpoint));
            }
        }
    }

    private static OwnKey? Find(OwnKey[] keys, ProviderKey key) => Array.Find(keys, own => own.Key.Secret == key.Secret);

    private EndpointHealth Add((string Model, string Tag, string ProviderModel) name, ModelEndpoint endpoint)
    {
        // Under the lock, so that no endpoint misses keys that are registered meanwhile.
        lock (_write)
            return _endpoints.GetOrAdd(name, _ => new Entry(new EndpointHealth(_time, _options, KeysOf(endpoint)), endpoint)).Health;
    }

    private EndpointKeys KeysOf(ModelEndpoint endpoint) => _keys.GetValueOrDefault(endpoint.Provider) is { Length: > 0 } keys
        ? new EndpointKeys([.. keys.Select((own, i) => new EndpointKey(own.Key.Name, own.Key, own.Rest, QuotaOf(endpoint, i), _options))])
        : EndpointKeys.Unknown(QuotaOf(endpoint, 0), _options);

    private Quota QuotaOf(ModelEndpoint endpoint, int key)
    {
        if (endpoint.QuotaDomain is not { } domain)
            return new Quota(_options);
        if (!_quotas.TryGetValue((domain, key), out var quota))
            _quotas.Add((domain, key), quota = new Quota(_options));
        return quota;
    }

    private sealed record Entry(EndpointHealth Health, ModelEndpoint Endpoint);
}

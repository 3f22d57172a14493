using System.Collections.Concurrent;
using MeaiRouter.Catalog;

namespace MeaiRouter.Health;

/// <summary>The health of every endpoint, kept apart from the catalogue so that it outlives a reload.</summary>
/// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
/// <param name="options">How to judge; <see langword="null"/> for the defaults.</param>
public sealed class HealthBoard(TimeProvider? timeProvider = null, HealthOptions? options = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly HealthOptions _options = options ?? new HealthOptions();
    private readonly ConcurrentDictionary<(string Model, string Tag, string ProviderModel), EndpointHealth> _endpoints = new();
    private readonly ConcurrentDictionary<string, Quota> _quotas = new(StringComparer.Ordinal);

    /// <summary>The health of an endpoint; the same instance each time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">The endpoint. Those with the same <see cref="ModelEndpoint.QuotaDomain"/> rest together after a 429.</param>
    public EndpointHealth For(Model model, ModelEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(endpoint);
        return _endpoints.GetOrAdd(
            (model.Id, endpoint.Tag, endpoint.Model),
            static (_, created) => new EndpointHealth(created.Board._time, created.Board._options, created.Board.QuotaOf(created.Endpoint)),
            (Board: this, Endpoint: endpoint));
    }

    private Quota QuotaOf(ModelEndpoint endpoint) => endpoint.QuotaDomain is { } domain
        ? _quotas.GetOrAdd(domain, static (_, options) => new Quota(options), _options)
        : new Quota(_options);
}

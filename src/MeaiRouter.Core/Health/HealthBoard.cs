using System.Collections.Concurrent;
using MeaiRouter.Catalog;

namespace MeaiRouter.Health;

/// <summary>The health of every endpoint, kept apart from the catalogue so that it outlives a reload.</summary>
public sealed class HealthBoard
{
    private readonly ConcurrentDictionary<(string Model, string Tag, string ProviderModel), EndpointHealth> _endpoints = new();

    /// <summary>The health of an endpoint; the same instance each time.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">The endpoint.</param>
    public EndpointHealth For(Model model, ModelEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(endpoint);
        return _endpoints.GetOrAdd((model.Id, endpoint.Tag, endpoint.Model), static _ => new EndpointHealth());
    }
}

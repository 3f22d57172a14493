using MeaiRouter.Catalog;

namespace MeaiRouter.Health;

/// <summary>Tells that an endpoint is left alone from now on, or was found well again.</summary>
/// <param name="model">The id of the model.</param>
/// <param name="endpoint">The endpoint.</param>
/// <param name="rest">Why and for how long it rests; <see langword="null"/> if it has returned.</param>
public sealed class EndpointRestEventArgs(string model, ModelEndpoint endpoint, EndpointRest? rest) : EventArgs
{
    /// <summary>The id of the model.</summary>
    public string Model { get; } = model;

    /// <summary>The endpoint.</summary>
    public ModelEndpoint Endpoint { get; } = endpoint;

    /// <summary>Why and for how long it rests; <see langword="null"/> if it has returned.</summary>
    public EndpointRest? Rest { get; } = rest;
}

using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Health;

/// <summary>Tells that a provider refuses one of its own keys, or takes it again.</summary>
/// <param name="endpoint">The endpoint at which that was seen.</param>
/// <param name="key">The key's name, which reveals nothing of it.</param>
/// <param name="why">With what the key was refused; <see langword="null"/> if it was accepted again.</param>
/// <param name="availableIn">How long until the key is due again; zero if it was accepted.</param>
public sealed class KeyRefusalEventArgs(ModelEndpoint endpoint, string key, FailureKind? why, TimeSpan availableIn) : EventArgs
{
    /// <summary>The endpoint at which that was seen.</summary>
    public ModelEndpoint Endpoint { get; } = endpoint;

    /// <summary>The key's name, which reveals nothing of it.</summary>
    public string Key { get; } = key;

    /// <summary>With what the key was refused; <see langword="null"/> if it was accepted again.</summary>
    public FailureKind? Why { get; } = why;

    /// <summary>How long until the key is due again; zero if it was accepted.</summary>
    public TimeSpan AvailableIn { get; } = availableIn;
}

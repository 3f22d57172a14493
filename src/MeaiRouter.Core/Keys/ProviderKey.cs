using System.Text.Json.Serialization;

namespace MeaiRouter.Keys;

/// <summary>A key with which a provider is called: its secret, and the name by which traces and health speak of it.</summary>
/// <remarks>The secret shows in neither <see cref="ToString"/> nor JSON.</remarks>
public sealed class ProviderKey
{
    /// <summary>Creates a key.</summary>
    /// <param name="name">What traces and health call it. It must reveal nothing of the secret.</param>
    /// <param name="secret">What the provider is sent.</param>
    /// <exception cref="ArgumentException">The name or the secret is blank.</exception>
    public ProviderKey(string name, string secret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentException.ThrowIfNullOrWhiteSpace(secret);
        Name = name;
        Secret = secret;
    }

    /// <summary>What traces and health call it.</summary>
    public string Name { get; }

    /// <summary>What the provider is sent.</summary>
    [JsonIgnore]
    public string Secret { get; }

    /// <summary>Whether the key is the caller's own: the provider charges him, and the attempt costs only the configured fee.</summary>
    /// <value>Default: <see langword="false"/>.</value>
    [JsonIgnore]
    public bool IsCallers { get; init; }

    /// <summary>The key's name.</summary>
    public override string ToString() => Name;
}

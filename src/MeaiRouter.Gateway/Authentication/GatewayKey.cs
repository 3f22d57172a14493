using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using MeaiRouter.Keys;
using MeaiRouter.Policies;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>A key that callers of the gateway present. Only its digest is kept.</summary>
/// <param name="name">The name by which logs and limits refer to the key.</param>
/// <param name="secret">What callers present.</param>
/// <param name="policy">What requests with the key may do; <see langword="null"/> for everything.</param>
/// <param name="providerKeys">The keys with which providers are called for it, before their own; <see langword="null"/> for none.</param>
internal sealed class GatewayKey(string name, string secret, RoutingPolicy? policy = null, IReadOnlyDictionary<string, ProviderKey>? providerKeys = null)
{
    private readonly byte[] _digest = Digest(secret.AsSpan());

    /// <summary>The name by which logs and limits refer to the key.</summary>
    public string Name => name;

    /// <summary>What requests with the key may do; <see langword="null"/> for everything.</summary>
    public RoutingPolicy? Policy => policy;

    /// <summary>The keys with which providers are called for requests with the key (BYOK), by provider.</summary>
    public IReadOnlyDictionary<string, ProviderKey> ProviderKeys { get; } = providerKeys ?? FrozenDictionary<string, ProviderKey>.Empty;

    /// <summary>Whether the digest is that of this key, in a time that tells nothing.</summary>
    public bool Matches(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);

    /// <summary>Whether both are one key under two names.</summary>
    public bool IsTwinOf(GatewayKey other) => Matches(other._digest);

    public static byte[] Digest(ReadOnlySpan<char> secret)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(secret)];
        Encoding.UTF8.GetBytes(secret, bytes);
        return SHA256.HashData(bytes);
    }
}

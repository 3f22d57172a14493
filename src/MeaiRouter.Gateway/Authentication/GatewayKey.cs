using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>A key that callers of the gateway present. Only its digest is kept.</summary>
internal sealed class GatewayKey(string name, string secret)
{
    private readonly byte[] _digest = Digest(secret.AsSpan());

    /// <summary>The name by which logs and limits refer to the key.</summary>
    public string Name => name;

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

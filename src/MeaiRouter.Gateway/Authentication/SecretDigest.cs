using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>The SHA-256 of what a caller presents. Secrets themselves are kept nowhere.</summary>
/// <remarks>
/// A table of digests may be searched like any other: whoever can choose a digest that shares its beginning with a stored one has solved SHA-256.
/// Only the comparison at the end takes the same time whatever it compares.
/// </remarks>
internal readonly struct SecretDigest : IEquatable<SecretDigest>
{
    private const int LongestOnStack = 512;

    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private SecretDigest(ReadOnlySpan<byte> digest)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(digest);
        (_first, _second, _third, _fourth) = (parts[0], parts[1], parts[2], parts[3]);
    }

    public static SecretDigest Of(ReadOnlySpan<char> secret)
    {
        var length = Encoding.UTF8.GetByteCount(secret);
        var bytes = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..Encoding.UTF8.GetBytes(secret, bytes)], digest);
        return new SecretDigest(digest);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static SecretDigest Parse(string hex)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Convert.FromHexString(hex, digest, out _, out _);
        return new SecretDigest(digest);
    }

    public bool Equals(SecretDigest other) =>
        ((_first ^ other._first) | (_second ^ other._second) | (_third ^ other._third) | (_fourth ^ other._fourth)) == 0;

    public override bool Equals(object? obj) => obj is SecretDigest other && Equals(other);

    public override int GetHashCode() => _first.GetHashCode();

    /// <summary>The digest in small hexadecimal letters.</summary>
    public override string ToString()
    {
        Span<ulong> parts = [_first, _second, _third, _fourth];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(parts));
    }
}

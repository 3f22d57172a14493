using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeaiRouter.Routing;

/// <summary>Ids of requests: a prefix and a UUID of version 7, as <see cref="Guid.CreateVersion7()"/> makes them.</summary>
/// <remarks>The framework asks the operating system for the randomness of every single one, which is a system call; here it is asked for many at once.</remarks>
internal static class RequestIds
{
    private const int Bytes = 16;
    private const int Together = 64;

    // Each used once.
    [ThreadStatic]
    private static byte[]? _random;

    [ThreadStatic]
    private static int _used;

    /// <summary>A new id.</summary>
    /// <param name="prefix">What it begins with.</param>
    /// <param name="time">The clock: later ids sort behind earlier ones.</param>
    public static string New(string prefix, TimeProvider time)
    {
        if (_random is null || _used == _random.Length)
        {
            RandomNumberGenerator.Fill(_random ??= new byte[Bytes * Together]);
            _used = 0;
        }

        var id = _random.AsSpan(_used, Bytes);
        _used += Bytes;

        // RFC 9562: 48 bits of Unix milliseconds, the version in 4 bits, the variant in 2; all else is random.
        var milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)(milliseconds >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], (uint)milliseconds);
        id[6] = (byte)((id[6] & 0x0f) | 0x70);
        id[8] = (byte)((id[8] & 0x3f) | 0x80);

        Span<char> digits = stackalloc char[2 * Bytes];
        Convert.TryToHexStringLower(id, digits, out _);
        return string.Concat(prefix, digits);
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using MeaiRouter.Gateway.Errors;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>
/// Keeps callers from finding keys by trying: an address from which too many unknown keys came is not served, whatever it sends, until its window ends.
/// Behind a proxy all callers have its address, unless the app uses <c>UseForwardedHeaders</c>.
/// </summary>
/// <param name="most">How many wrong keys an address may present within a window; 0 for any number.</param>
/// <param name="window">The window, which begins with the first of them.</param>
/// <param name="time">The clock.</param>
internal sealed class WrongKeys(int most, TimeSpan window, TimeProvider time)
{
    // About 2 MB. Of more addresses than that, some are forgotten: whoever has so many at his command is stopped elsewhere or not at all.
    private const int MostAddresses = 16_384;

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Tries> _tries = [];
    private int _count;

    /// <summary>The addresses that something is known of.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <exception cref="GatewayException">Too many wrong keys came from the address.</exception>
    public void RefuseIfTooMany(IPAddress? address)
    {
        // Nearly always there are none, and then this costs nothing.
        if (Volatile.Read(ref _count) == 0)
            return;

        TimeSpan left;
        lock (_lock)
        {
            if (!_tries.TryGetValue(NameOf(address), out var tries) || tries.Count < most)
                return;
            left = window - time.GetElapsedTime(tries.Since);
            if (left <= TimeSpan.Zero)
            {
                _tries.Remove(NameOf(address));
                Volatile.Write(ref _count, _tries.Count);
                return;
            }
        }

        throw GatewayException.TooManyWrongKeys($"Too many wrong keys came from this address. Try again in {Math.Ceiling(left.TotalSeconds):0} seconds.", left);
    }

    /// <summary>Takes note of a wrong key.</summary>
    public void Add(IPAddress? address)
    {
        if (most == 0)
            return;

        lock (_lock)
        {
            var name = NameOf(address);
            if (_tries.TryGetValue(name, out var tries) && time.GetElapsedTime(tries.Since) < window)
                _tries[name] = tries with { Count = tries.Count + 1 };
            else
            {
                if (_tries.Count >= MostAddresses && !_tries.ContainsKey(name))
                    Forget();
                _tries[name] = new Tries(1, time.GetTimestamp());
            }

            Volatile.Write(ref _count, _tries.Count);
        }
    }

    // What is past goes first; where nothing is, half of those with the fewest tries.
    private void Forget()
    {
        foreach (var (name, tries) in _tries.Where(pair => time.GetElapsedTime(pair.Value.Since) >= window).ToList())
            _tries.Remove(name);
        if (_tries.Count < MostAddresses)
            return;
        foreach (var (name, _) in _tries.OrderBy(static pair => pair.Value.Count).ThenBy(static pair => pair.Value.Since).Take(MostAddresses / 2).ToList())
            _tries.Remove(name);
    }

    // Of IPv6 the first half: whoever has one address there has the whole network.
    private static ulong NameOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? (0xFFFFUL << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private readonly record struct Tries(int Count, long Since);
}

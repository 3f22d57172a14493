using System.Net;
using System.Net.Sockets;
using MeaiRouter.Normalization;

namespace MeaiRouter.Gateway.Media;

/// <summary>Connects to public addresses and to no other, whatever name leads there.</summary>
/// <remarks>
/// The address that is checked is the one that is connected to: a name that means another address a moment later changes nothing. What these two do is a
/// parameter so that tests need no internet.
/// </remarks>
/// <param name="resolve">Finds the addresses of a host; <see langword="null"/> asks DNS.</param>
/// <param name="connect">Connects to an address; <see langword="null"/> does so by TCP.</param>
internal sealed class PublicConnections(
    Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, Func<IPEndPoint, CancellationToken, ValueTask<Stream>>? connect = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;
    private readonly Func<IPEndPoint, CancellationToken, ValueTask<Stream>> _connect = connect ?? ConnectByTcpAsync;

    /// <exception cref="MediaFetchException">One of the host's addresses is not public.</exception>
    public async ValueTask<Stream> OpenAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // DNS would refuse to look at some of those that are addresses already.
        var host = context.DnsEndPoint.Host;
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await _resolve(host, cancellationToken);

        // All of them: who mixes public with private ones is up to something.
        if (addresses.Length == 0 || !Array.TrueForAll(addresses, PublicAddresses.Contain))
            throw new MediaFetchException("its host is not on the public internet");

        for (var i = 0; ; i++)
        {
            try
            {
                return await _connect(new IPEndPoint(addresses[i], context.DnsEndPoint.Port), cancellationToken);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next one may be there.
            }
        }
    }

    private static async ValueTask<Stream> ConnectByTcpAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MeaiRouter.Testing;

/// <summary>Kestrel alone on 127.0.0.1: without a host there is no configuration, no environment variable and no log.</summary>
internal sealed class LoopbackServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly Meter? _meter;
    private readonly RequestDelegate _handle;

    private LoopbackServer(int port, RequestDelegate handle)
    {
        _handle = handle;
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Listen(IPAddress.Loopback, port, static endpoint => endpoint.Protocols = HttpProtocols.Http1);
        // A test may read as slowly as it likes.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;

        // With one byte as its high-water mark a flush returns only when the socket has taken everything,
        // so that a cut or a reset never overtakes what was sent before it.
        var sockets = new SocketTransportOptions { MaxWriteBufferSize = 1 };
        (_server, _meter) = OwnMeter.Of(() => new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance));
    }

    public Uri Address { get; private set; } = null!;

    public static async Task<LoopbackServer> StartAsync(int port, RequestDelegate handle, CancellationToken cancellationToken)
    {
        var server = new LoopbackServer(port, handle);
        await server._server.StartAsync(server, cancellationToken);
        server.Address = new Uri(server._server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return server;
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public Task ProcessRequestAsync(HttpContext context) => _handle(context);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async ValueTask DisposeAsync()
    {
        // Stopping with a cancelled token closes the open connections instead of waiting for them.
        await _server.StopAsync(new CancellationToken(canceled: true));
        _server.Dispose();
        _meter?.Dispose();
    }
}

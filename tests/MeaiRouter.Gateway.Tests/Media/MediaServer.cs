using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Tests.Media;

/// <summary>A web server on loopback that has pictures, and notes who came.</summary>
internal sealed class MediaServer : IAsyncDisposable
{
    public static readonly byte[] Picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 1, 2, 3, 4];

    private readonly WebApplication _app;

    private MediaServer(WebApplication app) => _app = app;

    public int Port { get; private set; }

    /// <summary>The path of each request, and the names of its headers.</summary>
    public ConcurrentQueue<(string Path, string[] Headers)> Requests { get; } = [];

    /// <summary>What it shows for itself, signed by nobody else; null without TLS.</summary>
    public X509Certificate2? Certificate { get; private init; }

    public static async Task<MediaServer> StartAsync(bool isSecure = false)
    {
        var certificate = isSecure ? MakeCertificate() : null;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var server = new MediaServer(builder.Build()) { Certificate = certificate };
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Port = new Uri(server._app.Urls.Single()).Port;
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Certificate?.Dispose();
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=pictures.example", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Requests.Enqueue((http.Request.Path, [.. http.Request.Headers.Keys]));
        var response = http.Response;
        response.Cookies.Append("visited", "yes");
        switch (http.Request.Path.Value)
        {
            case "/again":
                // To where the query says, as often as it says.
                var times = int.Parse(http.Request.Query["times"].ToString(), System.Globalization.CultureInfo.InvariantCulture);
                response.Redirect(times > 1 ? $"/again?times={times - 1}" : "/picture");
                return;
            case "/to":
                response.Redirect(http.Request.Query["address"].ToString(), permanent: false, preserveMethod: true);
                return;
            case "/nowhere":
                response.StatusCode = StatusCodes.Status302Found;
                return;
            case "/missing":
                response.StatusCode = StatusCodes.Status404NotFound;
                return;
            case "/page":
                response.ContentType = "text/html";
                await response.WriteAsync("<title>Admin</title>");
                return;
            case "/large":
                response.ContentType = "image/png";
                response.ContentLength = 1001;
                await response.Body.WriteAsync(new byte[1001]);
                return;
            case "/endless":
                response.ContentType = "image/png";
                while (!http.RequestAborted.IsCancellationRequested)
                    await response.Body.WriteAsync(new byte[500], http.RequestAborted);
                return;
            case "/slow":
                response.ContentType = "image/png";
                await response.Body.WriteAsync(new byte[5]);
                await response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, http.RequestAborted);
                return;
            case "/packed":
                response.ContentType = "image/png";
                response.Headers.ContentEncoding = "gzip";
                await response.Body.WriteAsync(Picture);
                return;
            default:
                response.ContentType = "image/png";
                await response.Body.WriteAsync(Picture);
                return;
        }
    }
}

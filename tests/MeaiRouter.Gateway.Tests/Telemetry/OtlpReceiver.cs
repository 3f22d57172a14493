using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Telemetry;

/// <summary>An endpoint for OTLP over HTTP that keeps the bodies and reads the spans in them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<(string Path, byte[] Body, string Headers)> _received = [];

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Everything that came, as text, to search for what must not be there.</summary>
    public string Text
    {
        get
        {
            lock (_received)
                return string.Join('\n', _received.Select(static export => $"{export.Path} {export.Headers} {Encoding.Latin1.GetString(export.Body)}"));
        }
    }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (_received)
                return [.. _received.Select(static export => export.Path).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    public IReadOnlyList<ExportedSpan> Spans
    {
        get
        {
            lock (_received)
                return [.. _received.Where(static export => export.Path.EndsWith("/traces", StringComparison.Ordinal)).SelectMany(static export => ExportedSpan.ReadAll(export.Body))];
        }
    }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (_received)
            _received.Add((http.Request.Path, body.ToArray(), string.Join(' ', http.Request.Headers.Select(static header => $"{header.Key}={header.Value}"))));
        http.Response.ContentType = "application/x-protobuf";
    }
}

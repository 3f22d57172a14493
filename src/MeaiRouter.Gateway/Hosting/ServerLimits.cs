using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>Those limits that only the server itself can keep. They hold for the whole app, so that what is not configured stays as it is.</summary>
internal static class ServerLimits
{
    // Kestrel's own.
    private const int UsualBytesPerSecond = 240;
    private static readonly TimeSpan UsualGrace = TimeSpan.FromSeconds(5);

    public static void Apply(WebSettings settings, KestrelServerOptions server)
    {
        if (settings.MaxHeaderBytes is { } headers)
        {
            server.Limits.MaxRequestHeadersTotalSize = headers;
            server.Limits.MaxRequestLineSize = Math.Min(server.Limits.MaxRequestLineSize, headers);
        }

        if (settings.HeadersTimeout is { } wait)
            server.Limits.RequestHeadersTimeout = wait;
        if (settings.MinBytesPerSecond is null && settings.SlownessGrace is null)
            return;

        var slowest = new MinDataRate(settings.MinBytesPerSecond ?? UsualBytesPerSecond, settings.SlownessGrace ?? UsualGrace);
        server.Limits.MinRequestBodyDataRate = slowest;
        server.Limits.MinResponseDataRate = slowest;
    }
}

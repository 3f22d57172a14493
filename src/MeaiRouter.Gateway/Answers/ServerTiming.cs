using System.Globalization;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Answers;

/// <summary>The header <c>Server-Timing</c>: how much of the time was the providers', and how much our own, in milliseconds.</summary>
internal static class ServerTiming
{
    /// <summary>For a whole answer: from the beginning of the first attempt to the end of the last is the providers'.</summary>
    public static void Write(HttpContext http, RouteTrace? trace)
    {
        var providers = TimeSpan.Zero;
        if (trace is { Attempts: { Count: > 0 } attempts })
        {
            var end = attempts[0].StartedAt;
            foreach (var attempt in attempts)
                end = end > attempt.StartedAt + attempt.Duration ? end : attempt.StartedAt + attempt.Duration;
            providers = end - attempts[0].StartedAt;
        }

        Write(http, providers);
    }

    /// <summary>For a stream, up to its first content.</summary>
    public static void Write(HttpContext http, TimeSpan providers)
    {
        var ours = CallFacts.Of(http).Elapsed - providers;
        http.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"gateway;dur={Math.Max(0, ours.TotalMilliseconds):0.###}, provider;dur={providers.TotalMilliseconds:0.###}");
    }
}

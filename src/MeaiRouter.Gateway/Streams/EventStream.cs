using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Streams;

/// <summary>The head of an answer that is a stream of events.</summary>
internal static class EventStream
{
    /// <summary>Sets it, unless it was sent.</summary>
    public static void Begin(HttpResponse response)
    {
        if (response.HasStarted)
            return;

        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
    }
}

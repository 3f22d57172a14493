using MeaiRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Logging;

/// <summary>One line for each call: who, what, how it ended and how long it took. Nothing of a body, a query or a key.</summary>
internal sealed partial class AccessLog(ILogger<AccessLog> logger)
{
    public void Write(HttpContext http, CallFacts facts)
    {
        if (!logger.IsEnabled(LogLevel.Information))
            return;

        // The route rather than the path: what callers write there is theirs, and could forge lines.
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var generation = http.Response.Headers["X-Generation-Id"].ToString();
        var status = http.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : http.Response.StatusCode;
        Called(logger, http.Request.Method, route, status, facts.Elapsed.TotalMilliseconds, facts.Key, facts.Id, generation, http.Connection.RemoteIpAddress?.ToString());
    }

    [LoggerMessage(EventIds.Called, LogLevel.Information, "{Method} {Route} {Status} {Milliseconds:0.0} ms, key {Key}, request {RequestId}, generation {GenerationId}, from {Address}")]
    private static partial void Called(
        ILogger logger, string method, string? route, int status, double milliseconds, string? key, string requestId, string generationId, string? address);
}

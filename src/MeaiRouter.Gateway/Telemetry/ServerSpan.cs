using System.Diagnostics;
using System.Globalization;
using MeaiRouter.Diagnostics;
using MeaiRouter.Gateway.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace MeaiRouter.Gateway.Telemetry;

/// <summary>Names ASP.NET Core's span of a request by the conventions for HTTP servers, 1.23. Nothing of a body, a query or a header.</summary>
internal static class ServerSpan
{
    public static void Complete(HttpContext http, CallFacts facts)
    {
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
            return;

        // The route rather than the path: what callers write there is theirs.
        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        var status = http.Response.StatusCode;
        span.DisplayName = route is null ? http.Request.Method : $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method);
        span.SetTag("http.route", route);
        span.SetTag("url.scheme", http.Request.Scheme);
        span.SetTag(TelemetryNames.HttpStatus, status);
        span.SetTag(TelemetryNames.KeyName, facts.Key);
        span.SetTag(TelemetryNames.ConversationId, facts.Session);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag(TelemetryNames.ErrorType, status.ToString(CultureInfo.InvariantCulture));
            span.SetStatus(ActivityStatusCode.Error);
        }
    }
}

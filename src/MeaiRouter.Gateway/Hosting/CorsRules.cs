using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>
/// Lets the web pages that the configuration names call the gateway. Cookies are never asked for: a caller is known by the key he sends, and a page that is
/// not named learns nothing.
/// </summary>
internal sealed class CorsRules
{
    private const string Methods = "GET, POST, PATCH, DELETE, OPTIONS";
    private const string Exposed =
        "X-Generation-Id, x-request-id, Retry-After, Server-Timing, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, " +
        "X-OpenRouter-Cache-Status, X-OpenRouter-Cache-TTL, X-OpenRouter-Cache-Age, X-OpenRouter-Cache-Source-Id";

    private readonly HashSet<string> _origins;
    private readonly bool _allowsAll;
    private readonly string _maxAge;

    public CorsRules(CorsSettings settings)
    {
        _origins = new HashSet<string>(settings.Origins, StringComparer.OrdinalIgnoreCase);
        _allowsAll = _origins.Contains("*");
        _maxAge = ((long)settings.MaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Gives the page that calls leave to read the answer, if it may.</summary>
    public void Apply(HttpContext http)
    {
        // Also where there is no leave: a cache must not hand the answer for one page to another.
        var headers = http.Response.Headers;
        if (!_allowsAll)
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        if (!MayCall(http.Request, out var origin))
            return;

        headers[HeaderNames.AccessControlAllowOrigin] = _allowsAll ? "*" : origin;
        headers[HeaderNames.AccessControlExposeHeaders] = Exposed;
    }

    /// <summary>Answers a browser that asks whether a page may call.</summary>
    public Task AnswerPreflightAsync(HttpContext http)
    {
        Apply(http);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (MayCall(http.Request, out _))
        {
            var headers = http.Response.Headers;
            headers[HeaderNames.AccessControlAllowMethods] = Methods;
            headers[HeaderNames.AccessControlMaxAge] = _maxAge;

            // Whatever SDKs send of their own; Kestrel lets no header through that could hold a line of another.
            if (http.Request.Headers[HeaderNames.AccessControlRequestHeaders] is { Count: 1 } wanted)
                headers[HeaderNames.AccessControlAllowHeaders] = wanted;
        }

        return Task.CompletedTask;
    }

    private bool MayCall(HttpRequest request, out string origin)
    {
        origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && (_allowsAll || _origins.Contains(origin));
    }
}

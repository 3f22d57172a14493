using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Net.Http.Headers;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>Answers calls of paths that there are not, or not with that method, in the same envelope as all others.</summary>
internal sealed class UnknownPaths(IEnumerable<EndpointDataSource> sources)
{
    public Task RefuseAsync(HttpContext http, Caller caller)
    {
        var methods = MethodsAt(http.Request.Path);
        if (methods.Length > 0)
        {
            var allowed = string.Join(", ", methods);
            http.Response.Headers[HeaderNames.Allow] = allowed;
            throw GatewayException.WrongMethod($"{http.Request.Path} takes {allowed}, not {http.Request.Method}.");
        }

        throw GatewayException.NotFound(
            $"There is no {http.Request.Method} {http.Request.Path}. This gateway serves {string.Join(", ", Served())}.");
    }

    private string[] MethodsAt(PathString path) =>
        [.. Endpoints().Where(route => Matches(route.Endpoint, path)).SelectMany(static route => route.Methods).Distinct().Order(StringComparer.Ordinal)];

    private static bool Matches(RouteEndpoint endpoint, PathString path) =>
        new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, []);

    private IEnumerable<string> Served() => Endpoints()
        .Select(static route => (Path: route.Endpoint.RoutePattern.RawText ?? "", route.Methods))
        .Where(static route => route.Path.StartsWith("/v1/", StringComparison.Ordinal))
        .Select(static route => $"{string.Join(" and ", route.Methods)} {route.Path}")
        .Distinct()
        .Order(StringComparer.Ordinal);

    // Those that take any method are the ones that lead here.
    private IEnumerable<(RouteEndpoint Endpoint, IReadOnlyList<string> Methods)> Endpoints()
    {
        foreach (var endpoint in sources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods && !methods.Contains(HttpMethods.Options))
                yield return (endpoint, methods);
        }
    }
}

using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Authorization;
using MeaiRouter.Gateway.Documentation;
using MeaiRouter.Gateway.HealthChecks;
using MeaiRouter.Gateway.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths about the gateway itself, which nobody needs a key for.</summary>
internal static class ServiceRoutes
{
    public static void Map(IEndpointRouteBuilder routes, GatewayRequest request, IServiceProvider services, IEnumerable<EndpointDataSource> sources)
    {
        routes.MapGet("/auth", http => request.RunAsync(http, Access.Anyone, AuthorizationPage.WriteAsync)).WithMetadata(
            new Operation(Operation.Service, Access.Anyone, "The page where a person lets an application have a key")
            {
                RequiredQuery = ["code_challenge"],
                Query = ["code_challenge_method", "callback_url"],
                MediaTypes = ["text/html"],
            });
        var health = services.GetRequiredService<HealthEndpoint>();
        routes.MapGet("/health/live", HealthEndpoint.WriteLiveAsync).WithMetadata(Health("Whether the gateway runs"));
        routes.MapGet("/health/ready", http => GatewayKeys.HasKey(http.Request)
            ? request.RunAsync(http, Access.Either, (context, caller) => health.WriteReadyAsync(context, caller.IsManagement))
            : health.WriteReadyAsync(http, isWhole: false)).WithMetadata(Health("Whether the gateway answers requests, check by check; with the management key also why not"));

        var web = services.GetRequiredService<GatewaySettings>().Web;
        if (web.Metrics.Enabled)
        {
            var metrics = services.GetRequiredService<MetricsEndpoint>();
            var live = services.GetRequiredService<LiveSettings>();
            routes.MapGet(web.Metrics.Path, http => request.RunAsync(http, metrics.AccessBy(live.Current.Web.Metrics), metrics.WriteAsync)).WithMetadata(
                new Operation(Operation.Service, Access.Anyone, "What is measured, for Prometheus; with the management key, unless the configuration says otherwise")
                {
                    MediaTypes = ["text/plain"],
                });
        }

        if (!web.Docs)
            return;
        var documentation = new DocumentationEndpoint(sources);
        routes.MapGet("/openapi.json", http => request.RunAsync(http, Access.Anyone, documentation.WriteDocumentAsync)).WithMetadata(
            new Operation(Operation.Service, Access.Anyone, "This document"));
        routes.MapGet("/docs", http => request.RunAsync(http, Access.Anyone, documentation.WritePageAsync)).WithMetadata(
            new Operation(Operation.Service, Access.Anyone, "This document as a page to read") { MediaTypes = ["text/html"] });
    }

    private static Operation Health(string summary) => new(Operation.Service, Access.Anyone, summary);
}

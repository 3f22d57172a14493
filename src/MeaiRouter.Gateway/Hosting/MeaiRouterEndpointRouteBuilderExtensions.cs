using MeaiRouter.Endpoints;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the gateway.</summary>
public static class MeaiRouterEndpointRouteBuilderExtensions
{
    private static readonly string[] Bases = [InferenceRoutes.OpenAIBase, "/api/v1"];

    /// <summary>
    /// Maps <c>POST /v1/chat/completions</c>, <c>POST /v1/responses</c>, <c>POST /v1/messages</c>, <c>POST /v1/messages/count_tokens</c>, <c>POST /v1/embeddings</c> and
    /// <c>POST /v1/route</c>; <c>GET /v1/models</c> and below, <c>/v1/model</c>, <c>/v1/providers</c> and <c>/v1/endpoints/zdr</c>; <c>GET /v1/key</c>,
    /// <c>/v1/keys</c>, <c>/v1/byok</c>, <c>/v1/auth/keys</c>, <c>GET /v1/credits</c>, <c>GET /v1/generation</c> and <c>GET /v1/activity</c>; all also
    /// under <c>/api/v1</c>; the pages <c>/auth</c> and <c>/docs</c>, <c>/openapi.json</c>, and the health checks.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The conventions of all endpoints mapped.</returns>
    /// <exception cref="InvalidOperationException"><c>AddMeaiRouterGateway</c> was not called.</exception>
    /// <exception cref="MeaiRouter.Configuration.MeaiRouterConfigurationException">
    /// The configuration names a provider that is neither configured nor added.
    /// </exception>
    public static IEndpointConventionBuilder MapMeaiRouter(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);

        var services = endpoints.ServiceProvider;
        var request = services.GetService<GatewayRequest>()
            ?? throw new InvalidOperationException("Call AddMeaiRouterGateway on the services before MapMeaiRouter.");
        var settings = services.GetRequiredService<GatewaySettings>();
        if (services.GetRequiredService<IChatClient>().GetService(typeof(EndpointChatClient)) is EndpointChatClient terminal)
            settings.RefuseUnknownProviders(terminal.Providers);
        var accounts = services.GetRequiredService<AccountsStart>();
        services.GetRequiredService<OpenDoors>().WarnOnceStarted();

        var unknown = new UnknownPaths(endpoints.DataSources);
        var group = endpoints.MapGroup("");
        foreach (var path in Bases)
        {
            InferenceRoutes.Map(group, path, request, services);
            ListingRoutes.Map(group, path, request, services);
            AccountRoutes.Map(group, path, request, services);
            group.MapMethods(path + "/{**rest}", ["OPTIONS"], http => request.PreflightAsync(http, unknown));
            group.MapFallback(path + "/{**rest}", http => request.RunAsync(http, Access.Either, unknown.RefuseAsync));
        }

        ServiceRoutes.Map(group, request, services, endpoints.DataSources);
        return group;
    }
}

using MeaiRouter.Endpoints;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Messages;
using MeaiRouter.Gateway.Models;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the gateway.</summary>
public static class MeaiRouterEndpointRouteBuilderExtensions
{
    private static readonly string[] Bases = ["/v1", "/api/v1"];

    /// <summary>
    /// Maps <c>POST /v1/chat/completions</c>, <c>POST /v1/messages</c>, <c>POST /v1/messages/count_tokens</c>, <c>POST /v1/route</c> and <c>GET /v1/models</c>; <c>GET /v1/key</c>, <c>/v1/keys</c>, <c>GET /v1/credits</c>,
    /// <c>GET /v1/generation</c> and <c>GET /v1/activity</c>; all also under <c>/api/v1</c>; and the health checks.
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
        var completions = services.GetRequiredService<ChatCompletionsEndpoint>();
        var messages = services.GetRequiredService<MessagesEndpoint>();
        var route = services.GetRequiredService<RoutePlanEndpoint>();
        var models = services.GetRequiredService<ModelsEndpoint>();
        var keys = services.GetRequiredService<GatewayKeys>();
        if (services.GetRequiredService<IChatClient>().GetService(typeof(EndpointChatClient)) is EndpointChatClient terminal)
            services.GetRequiredService<GatewaySettings>().RefuseUnknownProviders(terminal.Providers);
        var accounts = services.GetRequiredService<AccountsStart>();
        if (keys.AreOpen)
            GatewayLog.Open(services.GetRequiredService<ILogger<GatewayRequest>>());

        var group = endpoints.MapGroup("");
        foreach (var path in Bases)
        {
            group.MapPost(path + "/chat/completions", http => request.RunAsync(http, completions.HandleAsync))
                .WithMetadata(new RequestSizeLimitAttribute(RequestBody.MaxBytes));
            group.MapPost(path + "/messages", http => request.RunAsync(http, messages.HandleAsync))
                .WithMetadata(new RequestSizeLimitAttribute(RequestBody.MaxBytes), MessagesErrorEnvelope.Instance);
            group.MapPost(path + "/messages/count_tokens", http => request.RunAsync(http, MessagesEndpoint.CountAsync))
                .WithMetadata(new RequestSizeLimitAttribute(RequestBody.MaxBytes), MessagesErrorEnvelope.Instance);
            group.MapPost(path + "/route", http => request.RunAsync(http, route.HandleAsync))
                .WithMetadata(new RequestSizeLimitAttribute(RequestBody.MaxBytes));
            group.MapGet(path + "/models", http => request.RunAsync(http, Access.Either, (context, caller) => models.HandleAsync(context, caller.Key)));
            AccountRoutes.Map(group, path, request, services);
            group.MapFallback(path + "/{**rest}", http => request.RunAsync(http, Access.Either, NotFound));
        }

        group.MapGet("/health/live", Healthy);
        group.MapGet("/health/ready", http => accounts.IsReady ? Healthy(http) : Starting(http));
        return group;
    }

    // The pipeline was built and validated before the host began to listen.
    private static Task Healthy(HttpContext http) => http.Response.WriteAsync("Healthy");

    private static Task Starting(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return http.Response.WriteAsync("Starting");
    }

    private static Task NotFound(HttpContext http, Caller caller) => throw GatewayException.NotFound(
        $"There is no {http.Request.Method} {http.Request.Path}. This gateway serves POST /v1/chat/completions, POST /v1/route and GET /v1/models, and for accounts " +
        "GET /v1/key, /v1/keys, /v1/credits, /v1/generation and /v1/activity.");
}

using MeaiRouter.Endpoints;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Authorization;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Embeddings;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Messages;
using MeaiRouter.Gateway.Responses;
using MeaiRouter.Gateway.Routes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves the gateway.</summary>
public static class MeaiRouterEndpointRouteBuilderExtensions
{
    // Under it the Responses API errs in OpenAI's envelope, under OpenRouter's own base in OpenRouter's: the strict client of each refuses the other's.
    private const string OpenAIBase = "/v1";

    private static readonly string[] Bases = [OpenAIBase, "/api/v1"];

    /// <summary>
    /// Maps <c>POST /v1/chat/completions</c>, <c>POST /v1/responses</c>, <c>POST /v1/messages</c>, <c>POST /v1/messages/count_tokens</c>, <c>POST /v1/embeddings</c> and
    /// <c>POST /v1/route</c>; <c>GET /v1/models</c> and below, <c>/v1/model</c>, <c>/v1/providers</c> and <c>/v1/endpoints/zdr</c>; <c>GET /v1/key</c>,
    /// <c>/v1/keys</c>, <c>/v1/byok</c>, <c>/v1/auth/keys</c>, <c>GET /v1/credits</c>, <c>GET /v1/generation</c> and <c>GET /v1/activity</c>; all also
    /// under <c>/api/v1</c>; the page <c>/auth</c>, and the health checks.
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
        var responses = services.GetRequiredService<ResponsesEndpoint>();
        var messages = services.GetRequiredService<MessagesEndpoint>();
        var embeddings = services.GetRequiredService<EmbeddingsEndpoint>();
        var route = services.GetRequiredService<RoutePlanEndpoint>();
        var settings = services.GetRequiredService<GatewaySettings>();
        if (services.GetRequiredService<IChatClient>().GetService(typeof(EndpointChatClient)) is EndpointChatClient terminal)
            settings.RefuseUnknownProviders(terminal.Providers);
        var accounts = services.GetRequiredService<AccountsStart>();
        services.GetRequiredService<OpenDoors>().WarnOnceStarted();

        var unknown = new UnknownPaths(endpoints.DataSources);
        var limit = new RequestSizeLimitAttribute(settings.Web.Limits.MaxBodyBytes);
        var group = endpoints.MapGroup("");
        foreach (var path in Bases)
        {
            group.MapPost(path + "/chat/completions", http => request.RunAsync(http, completions.HandleAsync))
                .WithMetadata(limit);
            group.MapPost(path + "/responses", http => request.RunAsync(http, responses.HandleAsync))
                .WithMetadata(path == OpenAIBase ? [limit, ResponseErrorEnvelope.Instance] : [limit]);
            group.MapPost(path + "/messages", http => request.RunAsync(http, messages.HandleAsync))
                .WithMetadata(limit, MessagesErrorEnvelope.Instance);
            group.MapPost(path + "/messages/count_tokens", http => request.RunAsync(http, MessagesEndpoint.CountAsync))
                .WithMetadata(limit, MessagesErrorEnvelope.Instance);
            group.MapPost(path + "/embeddings", http => request.RunAsync(http, embeddings.HandleAsync))
                .WithMetadata(limit);
            group.MapPost(path + "/route", http => request.RunAsync(http, route.HandleAsync))
                .WithMetadata(limit);
            ListingRoutes.Map(group, path, request, services);
            AccountRoutes.Map(group, path, request, services);
            if (request.Cors is { } cors)
                group.MapMethods(path + "/{**rest}", ["OPTIONS"], cors.AnswerPreflightAsync);
            group.MapFallback(path + "/{**rest}", http => request.RunAsync(http, Access.Either, unknown.RefuseAsync));
        }

        group.MapGet("/auth", http => request.RunAsync(http, Access.Anyone, AuthorizationPage.WriteAsync));
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
}

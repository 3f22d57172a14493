using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Authorization;
using MeaiRouter.Gateway.Documentation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths about keys and spending.</summary>
internal static class AccountRoutes
{
    private static readonly string[] Report = ["date", "from", "to", "group_by", "model", "provider", "endpoint", "key", "api_key_hash", "user", "tag", "format"];

    public static void Map(IEndpointRouteBuilder routes, string path, GatewayRequest request, IServiceProvider services)
    {
        var keys = services.GetRequiredService<KeyEndpoints>();
        Map("GET", "/key", Access.Either, "What the key is allowed, what is left, and what it has spent", keys.OwnAsync);
        Map("GET", "/keys", Access.Management, "The keys", keys.ListAsync, query: ["offset", "include_disabled"]);
        Map("POST", "/keys", Access.Management, "Makes a key, and shows its secret this once", keys.CreateAsync, body: DocumentSchemas.Key);
        Map("GET", "/keys/{hash}", Access.Management, "One key", keys.ReadAsync);
        Map("PATCH", "/keys/{hash}", Access.Management, "Changes a key, from its next request on", keys.ChangeAsync, body: DocumentSchemas.Key);
        Map("DELETE", "/keys/{hash}", Access.Management, "Takes a key away", keys.DeleteAsync);
        Map("POST", "/keys/{hash}/rotate", Access.Management, "Gives a key another secret", keys.RotateAsync, body: DocumentSchemas.Rotation);

        var owned = services.GetRequiredService<ProviderKeyEndpoints>();
        Map("GET", "/byok", Access.Management, "The keys with which providers are called for callers", owned.ListAsync);
        Map("POST", "/byok", Access.Management, "Adds a provider's key, which is kept encrypted", owned.CreateAsync, body: DocumentSchemas.ProviderKey);
        Map("GET", "/byok/{id}", Access.Management, "One provider's key", owned.ReadAsync);
        Map("PATCH", "/byok/{id}", Access.Management, "Changes a provider's key", owned.ChangeAsync, body: DocumentSchemas.ProviderKey);
        Map("DELETE", "/byok/{id}", Access.Management, "Takes a provider's key away", owned.DeleteAsync);

        var authorization = services.GetRequiredService<AuthorizationEndpoints>();
        Map("POST", "/auth/keys/code", Access.Management, "Gives a code that an application exchanges for a key", authorization.GiveAsync, body: DocumentSchemas.CodeRequest);
        Map("POST", "/auth/keys", Access.Anyone, "Exchanges a code for a key (OAuth PKCE)", authorization.ExchangeAsync, body: DocumentSchemas.CodeExchange);

        Map("GET", "/credits", Access.Management, "The budget of the gateway and what is spent of it", services.GetRequiredService<CreditsEndpoint>().HandleAsync);
        Map("GET", "/generation", Access.Either, "The record of one request", services.GetRequiredService<GenerationEndpoint>().HandleAsync, required: ["id"]);

        Map("POST", "/generation/feedback", Access.Either, "Says how good an answer was", services.GetRequiredService<FeedbackEndpoint>().HandleAsync, body: DocumentSchemas.Feedback);

        var activity = services.GetRequiredService<ActivityEndpoint>();
        Map("GET", "/activity", Access.Either, "What was used and spent, by day and more", activity.HandleAsync, query: Report);
        Map("GET", "/activity/comparison", Access.Either, "What the same would have cost elsewhere", activity.CompareAsync, query: Report);

        void Map(
            string method, string below, Access access, string summary, Func<HttpContext, Caller, Task> work, string? body = null, string[]? query = null, string[]? required = null) =>
            routes.MapMethods(path + below, [method], http => request.RunAsync(http, access, work))
                .WithMetadata(
                    new RequestSizeLimitAttribute(AccountBody.MaxBytes),
                    new Operation(Operation.Accounts, access, summary) { Body = body, Query = query ?? [], RequiredQuery = required ?? [] });
    }
}

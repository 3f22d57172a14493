using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths about keys and spending.</summary>
internal static class AccountRoutes
{
    public static void Map(IEndpointRouteBuilder routes, string path, GatewayRequest request, IServiceProvider services)
    {
        var keys = services.GetRequiredService<KeyEndpoints>();
        Map("GET", "/key", Access.Either, keys.OwnAsync);
        Map("GET", "/keys", Access.Management, keys.ListAsync);
        Map("POST", "/keys", Access.Management, keys.CreateAsync);
        Map("GET", "/keys/{hash}", Access.Management, keys.ReadAsync);
        Map("PATCH", "/keys/{hash}", Access.Management, keys.ChangeAsync);
        Map("DELETE", "/keys/{hash}", Access.Management, keys.DeleteAsync);
        Map("POST", "/keys/{hash}/rotate", Access.Management, keys.RotateAsync);

        var owned = services.GetRequiredService<ProviderKeyEndpoints>();
        Map("GET", "/byok", Access.Management, owned.ListAsync);
        Map("POST", "/byok", Access.Management, owned.CreateAsync);
        Map("GET", "/byok/{id}", Access.Management, owned.ReadAsync);
        Map("PATCH", "/byok/{id}", Access.Management, owned.ChangeAsync);
        Map("DELETE", "/byok/{id}", Access.Management, owned.DeleteAsync);

        var authorization = services.GetRequiredService<AuthorizationEndpoints>();
        Map("POST", "/auth/keys/code", Access.Management, authorization.GiveAsync);
        Map("POST", "/auth/keys", Access.Anyone, authorization.ExchangeAsync);

        Map("GET", "/credits", Access.Management, services.GetRequiredService<CreditsEndpoint>().HandleAsync);
        Map("GET", "/generation", Access.Either, services.GetRequiredService<GenerationEndpoint>().HandleAsync);

        Map("POST", "/generation/feedback", Access.Either, services.GetRequiredService<FeedbackEndpoint>().HandleAsync);

        var activity = services.GetRequiredService<ActivityEndpoint>();
        Map("GET", "/activity", Access.Either, activity.HandleAsync);
        Map("GET", "/activity/comparison", Access.Either, activity.CompareAsync);

        void Map(string method, string below, Access access, Func<HttpContext, Caller, Task> work) =>
            routes.MapMethods(path + below, [method], http => request.RunAsync(http, access, work))
                .WithMetadata(new RequestSizeLimitAttribute(AccountBody.MaxBytes));
    }
}

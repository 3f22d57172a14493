using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths about models, their endpoints and providers.</summary>
internal static class ListingRoutes
{
    public static void Map(IEndpointRouteBuilder routes, string path, GatewayRequest request, IServiceProvider services)
    {
        var models = services.GetRequiredService<ModelsEndpoint>();
        Map("/models", (http, caller) => models.HandleAsync(http, caller.Key));
        Map("/models/user", (http, caller) => models.HandleAsync(http, caller.Key));
        Map("/models/count", models.CountAsync);
        Map("/models/{**id}", models.ReadOrListEndpointsAsync);
        Map("/model/{**id}", models.ReadAsync);
        Map("/embeddings/models", models.HandleEmbeddingsAsync);
        Map("/endpoints/zdr", services.GetRequiredService<EndpointsEndpoint>().ListZeroRetentionAsync);
        Map("/providers", services.GetRequiredService<ProvidersEndpoint>().HandleAsync);

        void Map(string below, Func<HttpContext, Caller, Task> work) =>
            routes.MapMethods(path + below, ["GET"], http => request.RunAsync(http, Access.Either, work));
    }
}

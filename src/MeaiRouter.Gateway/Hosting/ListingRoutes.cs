using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Documentation;
using MeaiRouter.Gateway.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths about models, their endpoints and providers.</summary>
internal static class ListingRoutes
{
    private static readonly string[] Filters =
    [
        "q", "arch", "model_authors", "providers", "supported_parameters", "input_modalities", "output_modalities", "context", "distillable", "zdr", "region", "min_price",
        "max_price", "min_output_price", "max_output_price", "min_age_days", "max_age_days", "min_tool_success_rate", "max_tool_success_rate", "sort", "offset", "limit",
    ];

    public static void Map(IEndpointRouteBuilder routes, string path, GatewayRequest request, IServiceProvider services)
    {
        var models = services.GetRequiredService<ModelsEndpoint>();
        Map("/models", "The models that the caller may use", (http, caller) => models.HandleAsync(http, caller.Key), query: Filters);
        Map("/models/user", "The same, under OpenRouter's other name", (http, caller) => models.HandleAsync(http, caller.Key), query: Filters);
        Map("/models/count", "How many models there are", models.CountAsync, query: Filters);
        Map("/models/{**id}", "A model, or its endpoints with their prices and live health", models.ReadOrListEndpointsAsync, ["/models/{author}/{slug}", "/models/{author}/{slug}/endpoints"]);
        Map("/model/{**id}", "A model", models.ReadAsync, ["/model/{author}/{slug}"]);
        Map("/embeddings/models", "The models that make embeddings", models.HandleEmbeddingsAsync, query: Filters);
        Map("/endpoints/zdr", "The endpoints that keep nothing", services.GetRequiredService<EndpointsEndpoint>().ListZeroRetentionAsync);
        Map("/providers", "The providers", services.GetRequiredService<ProvidersEndpoint>().HandleAsync);

        void Map(string below, string summary, Func<HttpContext, Caller, Task> work, string[]? spellings = null, string[]? query = null) =>
            routes.MapMethods(path + below, ["GET"], http => request.RunAsync(http, Access.Either, work))
                .WithMetadata(new Operation(Operation.Models, Access.Either, summary) { Spellings = spellings ?? [], Query = query ?? [] });
    }
}

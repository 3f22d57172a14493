using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Documentation;
using MeaiRouter.Gateway.Embeddings;
using MeaiRouter.Gateway.Messages;
using MeaiRouter.Gateway.Responses;
using MeaiRouter.Gateway.Routes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The paths that models answer.</summary>
internal static class InferenceRoutes
{
    private static readonly string[] StreamedToo = ["application/json", "text/event-stream"];

    /// <summary>
    /// The base that OpenAI's clients know. Under it the Responses API errs in OpenAI's envelope, under any other in OpenRouter's: each one's strict
    /// client refuses the other's.
    /// </summary>
    public const string OpenAIBase = "/v1";

    public static void Map(IEndpointRouteBuilder routes, string path, GatewayRequest request, IServiceProvider services)
    {
        Map("/chat/completions", services.GetRequiredService<ChatCompletionsEndpoint>().HandleAsync, new Operation(Operation.Inference, Access.Inference, "A chat completion, whole or streamed")
        {
            Details = "OpenAI's chat completions with OpenRouter's fields: models, provider, preset, plugins, session_id.",
            Body = DocumentSchemas.Chat,
            Answer = DocumentSchemas.ChatAnswer,
            MediaTypes = StreamedToo,
        });
        Map("/responses", services.GetRequiredService<ResponsesEndpoint>().HandleAsync, new Operation(Operation.Inference, Access.Inference, "An answer of OpenAI's Responses API, whole or streamed")
        {
            Details = "Nothing is kept: send the whole conversation each time.",
            Body = DocumentSchemas.Responses,
            Answer = DocumentSchemas.ResponsesAnswer,
            Error = path == OpenAIBase ? DocumentSchemas.ResponsesError : DocumentSchemas.Error,
            MediaTypes = StreamedToo,
        }, path == OpenAIBase ? [ResponseErrorEnvelope.Instance] : []);
        Map("/messages", services.GetRequiredService<MessagesEndpoint>().HandleAsync, new Operation(Operation.Inference, Access.Inference, "A message of Anthropic's Messages API, whole or streamed")
        {
            Body = DocumentSchemas.Messages,
            Answer = DocumentSchemas.MessagesAnswer,
            Error = DocumentSchemas.MessagesError,
            MediaTypes = StreamedToo,
        }, MessagesErrorEnvelope.Instance);
        Map("/messages/count_tokens", MessagesEndpoint.CountAsync, new Operation(Operation.Inference, Access.Inference, "An estimate of the tokens of a message")
        {
            Details = "Nobody is called for it.",
            Body = DocumentSchemas.Messages,
            Answer = DocumentSchemas.TokenCount,
            Error = DocumentSchemas.MessagesError,
        }, MessagesErrorEnvelope.Instance);
        Map("/embeddings", services.GetRequiredService<EmbeddingsEndpoint>().HandleAsync, new Operation(Operation.Inference, Access.Inference, "Embeddings of texts")
        {
            Body = DocumentSchemas.Embeddings,
            Answer = DocumentSchemas.EmbeddingsAnswer,
        });
        Map("/route", services.GetRequiredService<RoutePlanEndpoint>().HandleAsync, new Operation(Operation.Inference, Access.Inference, "How a chat completion would be routed, and why")
        {
            Details = "Nobody is called for it.",
            Body = DocumentSchemas.Chat,
        });

        void Map(string below, Func<HttpContext, GatewayKey?, Task> work, Operation operation, params object[] metadata)
        {
            var admitted = request.ForInference(work);
            routes.MapPost(path + below, http => request.RunAsync(http, Access.Inference, admitted)).WithMetadata([operation, .. metadata]);
        }
    }
}

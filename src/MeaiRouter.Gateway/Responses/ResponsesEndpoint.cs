using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Responses;

/// <summary><c>POST /responses</c>: the pipeline behind OpenAI's Responses API, as stateless as OpenRouter's.</summary>
internal sealed class ResponsesEndpoint(IChatClient router, RoutedRequests requests, KeepAlive keepAlive, TimeProvider time, ILogger<ResponsesEndpoint> logger)
{
    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var body = await RequestBody.ReadAsync(http.Request, ResponseRequestReader.Parse, http.RequestAborted);
        var terms = ResponseRequestReader.ReadTerms(body);
        RoutedRequests.Announce(http, terms);
        var (messages, options) = ResponseRequestReader.Read(body, terms);
        var request = requests.Of(http, key, terms, messages, options, conversation: "input", isExact: false);
        var id = RequestIds.New("gen-", time);
        request.Options.WithRequestId(id);

        http.Response.Headers["X-Generation-Id"] = id;
        var answer = new ResponseWriter(body, id, time.GetUtcNow().ToUnixTimeSeconds(), request.IsStreamed);
        if (request.IsStreamed)
            await new StreamedAnswer(http, id, new ResponseStream(answer, request.Echo, time), logger).WriteAsync(router, request, keepAlive);
        else
            await RespondAsync(http, answer, request);
    }

    private async Task RespondAsync(HttpContext http, ResponseWriter answer, RoutedRequest request)
    {
        RouteTrace? trace = null;
        try
        {
            var response = await router.GetResponseAsync(request.Messages, request.Options, http.RequestAborted);
            trace = WholeAnswer.Head(http, response);
            ResponseHeading.PutOn(answer.Response, trace?.Answer, trace?.Cache, response.ModelId);
            answer.Write(response);
            answer.Response.OpenRouterMetadata = RouterMetadata.IfWanted(http, trace);
        }
        catch (RouterException failure) when (ContextLimit.IsExceeded(failure))
        {
            // OpenRouter: in this API no error but an answer that ended at its limit.
            answer.EndAtLimit();
            answer.Response.OpenRouterMetadata = RouterMetadata.Of(failure, http);
            http.Response.ContentType = "application/json";
        }

        var whole = answer.Finish(AnswerCost.AddTo(answer.Usage, trace), time.GetUtcNow().ToUnixTimeSeconds());
        await WholeAnswer.WriteAsync(http, whole, ResponsesJson.Strict.ResponseObject);
    }
}

using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Responses;

/// <summary><c>POST /responses</c>: the pipeline behind OpenAI's Responses API, as stateless as OpenRouter's.</summary>
internal sealed class ResponsesEndpoint(IChatClient router, TimeProvider time, ILogger<ResponsesEndpoint> logger)
{
    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var body = await RequestBody.ReadAsync(http.Request, ResponseRequestReader.Parse, http.RequestAborted);
        var terms = ResponseRequestReader.ReadTerms(body);
        RoutedRequest.Announce(http, terms);
        var (messages, options) = ResponseRequestReader.Read(body, terms);
        var request = RoutedRequest.Of(http, key, terms, messages, options);
        var id = $"gen-{Guid.CreateVersion7():n}";
        request.Options.WithRequestId(id);

        http.Response.Headers["X-Generation-Id"] = id;
        var answer = new ResponseWriter(body, id, Now, request.IsStreamed);
        if (request.IsStreamed)
            await StreamAsync(http, answer, request, http.RequestAborted);
        else
            await RespondAsync(http, answer, request, http.RequestAborted);
    }

    private async Task RespondAsync(HttpContext http, ResponseWriter answer, RoutedRequest request, CancellationToken cancellationToken)
    {
        RouteTrace? trace = null;
        try
        {
            var response = await router.GetResponseAsync(request.Messages, request.Options, cancellationToken);
            trace = response.GetRouteTrace();
            GatewayLog.Answered(logger, trace);
            CacheHeaders.Write(http.Response.Headers, trace?.Cache);
            Head(answer.Response, trace?.Answer, trace?.Cache, response.ModelId);
            answer.Write(response);
        }
        catch (RouterException failure) when (failure.Kind == FailureKind.ContextTooLong)
        {
            EndAtLimit(http, answer, failure);
        }

        answer.Response.OpenRouterMetadata ??= RouterMetadata.IfWanted(http, trace);
        var whole = answer.Finish(AnswerCost.AddTo(answer.Usage, trace), Now);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, whole, ResponsesJson.Strict.ResponseObject, cancellationToken);
    }

    private async Task StreamAsync(HttpContext http, ResponseWriter answer, RoutedRequest request, CancellationToken cancellationToken)
    {
        var updates = router.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            var isWithinLimit = await BeginAsync(http, answer, updates);
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache";
            using var events = new EventWriter(http.Response.BodyWriter);
            try
            {
                if (isWithinLimit)
                    await WriteAnswerAsync(http, updates, answer, events, cancellationToken);
                else
                    await SendAsync(events, [.. answer.Begin(), .. answer.Complete(usage: null)], cancellationToken);
            }
            catch (RouterException failure)
            {
                GatewayLog.Broken(logger, answer.Response.Id!, failure);
                answer.Response.OpenRouterMetadata = RouterMetadata.Of(failure, http);
                var errorType = failure.Kind.Consequences().ErrorType;
                await SendAsync(
                    events, answer.Fail(new ResponseError { Code = ResponseErrorCodes.Of(errorType), Message = failure.Message }, errorType), cancellationToken);
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    /// <summary>Waits for the first content: until then a failure has a status of its own.</summary>
    /// <returns>Whether prompt and answer fit the model's context.</returns>
    private static async ValueTask<bool> BeginAsync(HttpContext http, ResponseWriter answer, IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            if (!await updates.MoveNextAsync())
                throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");
        }
        catch (RouterException failure) when (failure.Kind == FailureKind.ContextTooLong)
        {
            EndAtLimit(http, answer, failure);
            return false;
        }

        var cache = updates.Current.GetCacheUse();
        CacheHeaders.Write(http.Response.Headers, cache);
        Head(answer.Response, updates.Current.GetRouteAttempt(), cache, updates.Current.ModelId);
        return true;
    }

    private async Task WriteAnswerAsync(
        HttpContext http, IAsyncEnumerator<ChatResponseUpdate> updates, ResponseWriter answer, EventWriter events, CancellationToken cancellationToken)
    {
        var trace = updates.Current.GetRouteTrace();
        await SendAsync(events, [.. answer.Begin(), .. answer.Write(updates.Current)], cancellationToken);
        while (await updates.MoveNextAsync())
        {
            trace = updates.Current.GetRouteTrace() ?? trace;
            await SendAsync(events, answer.Write(updates.Current), cancellationToken);
        }

        GatewayLog.Answered(logger, trace);
        answer.Response.OpenRouterMetadata = RouterMetadata.IfWanted(http, trace);
        await SendAsync(events, answer.Complete(AnswerCost.AddTo(answer.Usage, trace), Now), cancellationToken);
    }

    private static async ValueTask SendAsync(EventWriter events, IReadOnlyList<ResponseEvent> toSend, CancellationToken cancellationToken)
    {
        if (toSend.Count == 0)
            return;

        for (var i = 0; i < toSend.Count; i++)
            events.Append(toSend[i].Type, toSend[i], ResponsesJson.Strict.ResponseEvent);
        await events.FlushAsync(cancellationToken);
    }

    private static void Head(ResponseObject response, RouteAttempt? attempt, CacheUse? cache, string? model)
    {
        response.Model = attempt?.Model?.Id ?? cache?.Model ?? model ?? response.Model;
        response.Provider = attempt?.Provider ?? cache?.Provider;
    }

    // OpenRouter: what does not fit the context is in this API no error but an answer that ended at its limit.
    private static void EndAtLimit(HttpContext http, ResponseWriter answer, RouterException failure)
    {
        answer.EndAtLimit();
        answer.Response.OpenRouterMetadata = RouterMetadata.Of(failure, http);
    }
}

using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary><c>POST /chat/completions</c>: the pipeline behind OpenAI's wire, with OpenRouter's additions to the answer.</summary>
internal sealed class ChatCompletionsEndpoint(IChatClient router, TimeProvider time, ILogger<ChatCompletionsEndpoint> logger)
{
    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RoutedRequest.ReadAsync(http, key);
        var id = $"gen-{Guid.CreateVersion7():n}";
        request.Options.WithRequestId(id);

        http.Response.Headers["X-Generation-Id"] = id;
        var heading = new AnswerHeading(id, time.GetUtcNow().ToUnixTimeSeconds());
        if (request.IsStreamed)
            await StreamAsync(http, heading, request, http.RequestAborted);
        else
            await RespondAsync(http, heading, request, http.RequestAborted);
    }

    private async Task RespondAsync(
        HttpContext http, AnswerHeading heading, RoutedRequest request, CancellationToken cancellationToken)
    {
        var response = await router.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        var trace = response.GetRouteTrace();
        GatewayLog.Answered(logger, trace);

        CacheHeaders.Write(http.Response.Headers, trace?.Cache);
        var completion = heading.PutOn(AnswerWriter.Write(response), trace?.Answer, trace?.Cache);
        completion.Usage = AnswerCost.AddTo(completion.Usage, trace);
        completion.OpenRouterMetadata = MetadataOf(http, trace) ?? completion.OpenRouterMetadata;
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, completion, WireJson.Strict.ChatCompletion, cancellationToken);
    }

    private async Task StreamAsync(
        HttpContext http, AnswerHeading heading, RoutedRequest request, CancellationToken cancellationToken)
    {
        var updates = router.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            // Until the first content is there a failure has a status of its own; the headers wait for it.
            if (!await updates.MoveNextAsync())
                throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");

            var cache = updates.Current.GetCacheUse();
            CacheHeaders.Write(http.Response.Headers, cache);
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache";
            using var events = new EventWriter(http.Response.BodyWriter);
            var answer = new AnswerStreamWriter();
            var attempt = updates.Current.GetRouteAttempt();
            try
            {
                await WriteAnswerAsync(http, updates, answer, chunk => heading.PutOn(chunk, attempt, cache), events, cancellationToken);
            }
            catch (RouterException failure)
            {
                GatewayLog.Broken(logger, heading.Id, failure);
                await events.WriteAsync(heading.PutOn(ErrorChunk(http, failure), attempt, cache), cancellationToken);
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    private async Task WriteAnswerAsync(
        HttpContext http, IAsyncEnumerator<ChatResponseUpdate> updates, AnswerStreamWriter answer, Func<ChatCompletion, ChatCompletion> withHeading,
        EventWriter events, CancellationToken cancellationToken)
    {
        RouteTrace? trace = null;
        do
        {
            trace = updates.Current.GetRouteTrace() ?? trace;
            if (answer.Write(updates.Current) is { } chunk)
                await events.WriteAsync(withHeading(chunk), cancellationToken);
        }
        while (await updates.MoveNextAsync());

        GatewayLog.Answered(logger, trace);
        await events.WriteAsync(withHeading(answer.WriteFinish()), cancellationToken);
        var last = answer.WriteUsage() ?? new ChatCompletion { Kind = ChatCompletion.ChunkKind, Choices = [] };
        last.Usage = AnswerCost.AddTo(last.Usage, trace);
        last.OpenRouterMetadata = MetadataOf(http, trace);
        if (last.Usage is not null || last.OpenRouterMetadata is not null)
            await events.WriteAsync(withHeading(last), cancellationToken);
        await events.EndAsync(cancellationToken);
    }

    private static JsonElement? MetadataOf(HttpContext http, RouteTrace? trace) =>
        trace is not null && RouterMetadata.IsWanted(http.Request) ? RouterMetadata.Of(trace) : null;

    // OpenRouter: the status stays 200; one chunk has the error and ends the choice, and no [DONE] follows.
    private static ChatCompletion ErrorChunk(HttpContext http, RouterException failure) => new()
    {
        OpenRouterMetadata = RouterMetadata.Of(failure, http),
        Kind = ChatCompletion.ChunkKind,
        Error = GatewayError.From(failure, RequestedModels.None).Body,
        Choices = [new Choice { Index = 0, Delta = new AnswerMessage { Content = new MessageContent("") }, FinishReason = "error" }],
    };
}

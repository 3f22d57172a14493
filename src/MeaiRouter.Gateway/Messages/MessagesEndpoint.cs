using System.Text.Json;
using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.ChatCompletions;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Messages;

/// <summary><c>POST /messages</c> and <c>/messages/count_tokens</c>: the pipeline behind Anthropic's wire, with OpenRouter's additions.</summary>
internal sealed class MessagesEndpoint(IChatClient router, ILogger<MessagesEndpoint> logger)
{
    private const string Omitted = "omitted";

    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        // Before anything can fail, so that every error has it.
        var id = $"gen-{Guid.CreateVersion7():n}";
        http.Response.Headers["X-Generation-Id"] = id;
        http.Response.Headers[MessagesErrorEnvelope.RequestIdHeader] = id;

        var (body, messages, options, terms) = await ReadAsync(http, isCount: false);
        var request = RoutedRequest.Of(http, key, terms, messages, options);
        request.Options.WithRequestId(id);
        var omitsThinking = body.Thinking?.Display == Omitted;
        if (body.Stream == true)
            await StreamAsync(http, id, request, omitsThinking, http.RequestAborted);
        else
            await RespondAsync(http, id, request, omitsThinking, http.RequestAborted);
    }

    /// <summary>Counts the tokens of a request by rule of thumb: only the endpoint that answers would know them, and nobody is called for this.</summary>
    public static async Task CountAsync(HttpContext http, GatewayKey? key)
    {
        var (_, messages, options, _) = await ReadAsync(http, isCount: true);

        http.Response.ContentType = "application/json";
        var count = new TokenCount { InputTokens = TokenEstimate.Of(messages, options) };
        await JsonSerializer.SerializeAsync(http.Response.Body, count, MessagesJson.Wire.TokenCount, http.RequestAborted);
    }

    private static async ValueTask<(MessagesRequest Body, List<ChatMessage> Messages, ChatOptions Options, OpenAI.Wire.ChatCompletionRequest Terms)> ReadAsync(
        HttpContext http, bool isCount)
    {
        var body = await RequestBody.ReadAsync(http.Request, RequestReader.Parse, http.RequestAborted);
        var terms = RequestTerms.Of(body);
        RoutedRequest.Announce(http, terms);
        var (messages, options) = RequestReader.Read(body, isCount);
        return (body, messages, options, terms);
    }

    private async Task RespondAsync(HttpContext http, string id, RoutedRequest request, bool omitsThinking, CancellationToken cancellationToken)
    {
        var response = await router.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        var trace = response.GetRouteTrace();
        GatewayLog.Answered(logger, trace);

        CacheHeaders.Write(http.Response.Headers, trace?.Cache);
        var message = AnswerWriter.Write(response, omitsThinking);
        Head(message, id, trace?.Answer, trace?.Cache);
        MessageCost.AddTo(message.Usage!, response.Usage, trace);
        message.OpenrouterMetadata = RouterMetadata.IfWanted(http, trace);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, message, MessagesJson.Wire.AnswerMessage, cancellationToken);
    }

    private async Task StreamAsync(HttpContext http, string id, RoutedRequest request, bool omitsThinking, CancellationToken cancellationToken)
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
            var head = new AnswerMessage { Model = updates.Current.ModelId };
            Head(head, id, updates.Current.GetRouteAttempt(), cache);
            try
            {
                await WriteAnswerAsync(http, updates, new AnswerStreamWriter(omitsThinking), head, events, cancellationToken);
            }
            catch (RouterException failure)
            {
                GatewayLog.Broken(logger, id, failure);
                var error = MessagesErrorEnvelope.Of(GatewayError.From(failure, RequestedModels.None), id, RouterMetadata.Of(failure, http));
                events.Append(error.Type, error, MessagesJson.Wire.ErrorEnvelope);
                await events.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    private async Task WriteAnswerAsync(
        HttpContext http, IAsyncEnumerator<ChatResponseUpdate> updates, AnswerStreamWriter answer, AnswerMessage head, EventWriter events,
        CancellationToken cancellationToken)
    {
        RouteTrace? trace = null;
        Append(events, AnswerStreamWriter.Begin(head));
        do
        {
            trace = updates.Current.GetRouteTrace() ?? trace;
            if (Append(events, answer.Write(updates.Current)))
                await events.FlushAsync(cancellationToken);
        }
        while (await updates.MoveNextAsync());

        GatewayLog.Answered(logger, trace);
        Append(events, answer.EndBlocks());
        var end = answer.WriteEnd();
        MessageCost.AddTo(end.Usage, answer.Usage, trace);
        events.Append(end.Type, end, MessagesJson.Wire.MessageDeltaEvent);
        Append(events, [new StreamEvent { Type = "message_stop", OpenrouterMetadata = RouterMetadata.IfWanted(http, trace) }]);
        await events.FlushAsync(cancellationToken);
    }

    private static bool Append(EventWriter events, IReadOnlyList<StreamEvent> toSend)
    {
        for (var i = 0; i < toSend.Count; i++)
            events.Append(toSend[i].Type, toSend[i], MessagesJson.Wire.StreamEvent);
        return toSend.Count > 0;
    }

    // Our id, and who really answered.
    private static void Head(AnswerMessage message, string id, RouteAttempt? attempt, CacheUse? cache)
    {
        message.Id = id;
        message.Model = attempt?.Model?.Id ?? cache?.Model ?? message.Model;
        message.Provider = attempt?.Provider ?? cache?.Provider;
    }
}

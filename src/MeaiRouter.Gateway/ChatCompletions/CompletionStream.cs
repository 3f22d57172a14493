using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary>One streamed answer: its chunks, the comments while it waits, and, where it breaks, the error in its midst.</summary>
internal sealed class CompletionStream(HttpContext http, AnswerHeading heading, UpstreamEcho? echo, ILogger logger)
{
    private readonly AnswerStreamWriter _answer = new();
    private RouteAttempt? _attempt;
    private CacheUse? _cache;
    private RouteTrace? _trace;

    public async Task WriteAsync(IChatClient router, RoutedRequest request, KeepAlive keepAlive)
    {
        var cancellationToken = http.RequestAborted;
        await using var quiet = keepAlive.Watch(http.Response);
        await using var updates = router.GetStreamingResponseAsync(request.Messages, request.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);

        // Until the first content is there a failure has a status of its own, and the headers wait for it, unless a comment has sent them.
        var facts = CallFacts.Of(http);
        try
        {
            var next = updates.MoveNextAsync();
            var began = facts.Time.GetTimestamp();
            if (!next.IsCompleted)
                quiet?.BeginWait();
            if (!await next)
                throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");
            await EndWaitAsync(quiet);
            if (!http.Response.HasStarted)
                ServerTiming.Write(http, facts.Time.GetElapsedTime(began));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await EndWaitAsync(quiet);
            if (!http.Response.HasStarted)
                throw;
            using var late = new EventWriter(http.Response.BodyWriter);
            await EchoAsync(late, cancellationToken);
            await BreakAsync(late, exception, cancellationToken);
            return;
        }

        await WriteAsync(updates, quiet, cancellationToken);
    }

    private static ValueTask EndWaitAsync(QuietStream? quiet) => quiet?.EndWaitAsync() ?? ValueTask.CompletedTask;

    private async Task WriteAsync(IAsyncEnumerator<ChatResponseUpdate> updates, QuietStream? quiet, CancellationToken cancellationToken)
    {
        (_attempt, _cache) = (updates.Current.GetRouteAttempt(), updates.Current.GetCacheUse());
        if (!http.Response.HasStarted)
            CacheHeaders.Write(http.Response.Headers, _cache);
        EventStream.Begin(http.Response);
        using var events = new EventWriter(http.Response.BodyWriter);
        Exception? broken = null;
        try
        {
            await WriteAnswerAsync(updates, quiet, events, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            broken = exception;
        }

        if (broken is not null)
        {
            await EndWaitAsync(quiet);
            await BreakAsync(events, broken, cancellationToken);
        }
    }

    private async Task WriteAnswerAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, QuietStream? quiet, EventWriter events, CancellationToken cancellationToken)
    {
        bool hasMore;
        do
        {
            if (echo is not null)
                await EchoAsync(events, cancellationToken);
            _trace = updates.Current.GetRouteTrace() ?? _trace;
            if (_answer.Write(updates.Current) is { } chunk)
                await events.WriteAsync(Headed(chunk), cancellationToken);

            var next = updates.MoveNextAsync();
            if (next.IsCompleted || quiet is null)
            {
                hasMore = await next;
                continue;
            }

            quiet.BeginWait();
            hasMore = await next;
            await quiet.EndWaitAsync();
        }
        while (hasMore);

        GatewayLog.Answered(logger, _trace);
        await events.WriteAsync(Headed(_answer.WriteFinish()), cancellationToken);
        var last = _answer.WriteUsage() ?? new ChatCompletion { Kind = ChatCompletion.ChunkKind, Choices = [] };
        last.Usage = AnswerCost.AddTo(last.Usage, _trace);
        last.OpenRouterMetadata = RouterMetadata.IfWanted(http, _trace);
        if (last.Usage is not null || last.OpenRouterMetadata is not null)
            await events.WriteAsync(Headed(last), cancellationToken);
        await events.EndAsync(cancellationToken);
    }

    private ChatCompletion Headed(ChatCompletion chunk) => heading.PutOn(chunk, _attempt, _cache);

    // OpenRouter: the transformed body comes first, in a chunk without choices, once for each provider that is tried.
    private async Task EchoAsync(EventWriter events, CancellationToken cancellationToken)
    {
        foreach (var (provider, body) in echo?.Take() ?? [])
        {
            var debug = new JsonObject { ["echo_upstream_body"] = JsonObject.Create(body) };
            var chunk = heading.PutOn(new ChatCompletion { Kind = ChatCompletion.ChunkKind, Choices = [] }, _attempt, _cache);
            chunk.Provider = provider;
            chunk.Model ??= Requested();
            chunk.Extra = new Dictionary<string, JsonElement> { ["debug"] = JsonSerializer.SerializeToElement(debug, WireJson.Strict.JsonObject) };
            await events.WriteAsync(chunk, cancellationToken);
        }
    }

    // OpenRouter: the status stays 200; one chunk has the error and ends the choice, and no [DONE] follows.
    private async Task BreakAsync(EventWriter events, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is RouterException broken)
            GatewayLog.Broken(logger, heading.Id, broken);
        else
            GatewayLog.Crashed(logger, heading.Id, exception);

        var chunk = Headed(new ChatCompletion
        {
            OpenRouterMetadata = exception is RouterException failure ? RouterMetadata.Of(failure, http) : null,
            Kind = ChatCompletion.ChunkKind,
            Error = GatewayError.From(exception, RequestedModels.None).Body,
            Choices = [new Choice { Index = 0, Delta = new AnswerMessage { Content = new MessageContent("") }, FinishReason = "error" }],
        });
        chunk.Model ??= Requested();
        await events.WriteAsync(chunk, cancellationToken);
    }

    private string? Requested() => http.Features.Get<RequestedModels>()?.Names is [var first, ..] ? first : null;
}

using System.Runtime.ExceptionServices;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Logging;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Streams;

/// <summary>One streamed answer of any API: its head, its events, the signs of life while it waits, and, where it breaks, the error in its midst.</summary>
/// <param name="http">The call.</param>
/// <param name="id">The id of the request.</param>
/// <param name="form">How the API writes it.</param>
/// <param name="logger">Where it is told that it broke.</param>
internal sealed class StreamedAnswer(HttpContext http, string id, IStreamForm form, ILogger logger)
{
    private readonly CancellationToken _left = http.RequestAborted;
    private bool _hasContent;

    public async Task WriteAsync(IChatClient router, RoutedRequest request, KeepAlive keepAlive)
    {
        await using var quiet = keepAlive.Watch(http.Response, form.SignOfLife);
        await using var updates = router.GetStreamingResponseAsync(request.Messages, request.Options, _left).GetAsyncEnumerator(_left);
        using var events = new EventWriter(http.Response.BodyWriter);
        Exception? broken = null;
        try
        {
            await BeginAsync(updates, quiet);
            await WriteAsync(updates, quiet, events);
        }
        catch (Exception exception) when (!_left.IsCancellationRequested)
        {
            broken = exception;
        }

        if (broken is null)
            return;

        // Until the first content is there a failure has a status of its own, unless a sign of life has sent the headers.
        await EndWaitAsync(quiet);
        var isEnd = !_hasContent && broken is RouterException failure && form.IsEnd(failure);
        if (!_hasContent && !isEnd && !http.Response.HasStarted)
            ExceptionDispatchInfo.Throw(broken);

        EventStream.Begin(http.Response);
        var metadata = broken is RouterException routed ? RouterMetadata.Of(routed, http) : null;
        if (isEnd)
            form.End(null, metadata, events);
        else
            Break(broken, metadata, events);
        await events.FinishAsync(http.Response);
    }

    /// <summary>Waits for the first content.</summary>
    private async ValueTask BeginAsync(IAsyncEnumerator<ChatResponseUpdate> updates, QuietStream? quiet)
    {
        var time = CallFacts.Of(http).Time;
        var began = time.GetTimestamp();
        var next = updates.MoveNextAsync();
        if (!next.IsCompleted)
            quiet?.BeginWait();
        if (!await next)
            throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");

        await EndWaitAsync(quiet);
        _hasContent = true;
        form.Head(updates.Current);
        if (http.Response.HasStarted)
            return;
        ServerTiming.Write(http, time.GetElapsedTime(began));
        CacheHeaders.Write(http.Response.Headers, updates.Current.GetCacheUse());
        EventStream.Begin(http.Response);
    }

    private async ValueTask WriteAsync(IAsyncEnumerator<ChatResponseUpdate> updates, QuietStream? quiet, EventWriter events)
    {
        RouteTrace? trace = null;
        bool hasMore;
        do
        {
            trace = updates.Current.GetRouteTrace() ?? trace;
            form.Write(updates.Current, events);

            // What came in one piece goes out in one; before any wait everything is sent.
            var next = updates.MoveNextAsync();
            var isThere = next.IsCompleted;
            var unsent = !isThere || events.IsFull ? await SendAsync(events) : null;
            if (!isThere)
                quiet?.BeginWait();

            // Also where nothing can be sent any more: nobody may dispose of an answer in the middle of its next step.
            hasMore = await next;
            if (!isThere)
                await EndWaitAsync(quiet);
            unsent?.Throw();
        }
        while (hasMore);

        form.End(trace, RouterMetadata.IfWanted(http, trace), events);
        await events.FinishAsync(http.Response);
    }

    /// <summary>Sends what there is.</summary>
    /// <returns>Why it could not be sent; <see langword="null"/> if it was.</returns>
    private async ValueTask<ExceptionDispatchInfo?> SendAsync(EventWriter events)
    {
        try
        {
            await events.FlushAsync(_left);
            return null;
        }
        catch (Exception exception)
        {
            return ExceptionDispatchInfo.Capture(exception);
        }
    }

    private void Break(Exception broken, JsonElement? metadata, EventWriter events)
    {
        // Of an attempt that broke off in the middle of its answer the pipeline has told.
        if (broken is not RouterException failure)
            GatewayLog.Crashed(logger, id, broken);
        else if (!_hasContent || failure.Attempts.Count == 0)
            GatewayLog.Failed(logger, id, http.Response.StatusCode, failure);
        form.Break(GatewayError.From(broken, CallFacts.Of(http).Models), metadata, events);
    }

    private static ValueTask EndWaitAsync(QuietStream? quiet) => quiet?.EndWaitAsync() ?? ValueTask.CompletedTask;
}

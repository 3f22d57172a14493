using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.ChatCompletions;

/// <summary><c>POST /chat/completions</c>: the pipeline behind OpenAI's wire, with OpenRouter's additions to the answer.</summary>
internal sealed class ChatCompletionsEndpoint(IChatClient router, TimeProvider time, ILogger<ChatCompletionsEndpoint> logger)
{
    public async Task HandleAsync(HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var request = await RequestBody.ReadAsync(http.Request, cancellationToken);
        var (messages, options) = RequestReader.Read(request);
        var id = $"gen-{Guid.CreateVersion7():n}";
        options.WithRequestId(id);
        if (RoutingFields.Read(request) is { } preferences)
            options.WithRouting(preferences);

        http.Response.Headers["X-Generation-Id"] = id;
        var answer = new AnswerHeading(id, time.GetUtcNow().ToUnixTimeSeconds());
        if (request.Stream == true)
            await StreamAsync(http, answer, messages, options, cancellationToken);
        else
            await RespondAsync(http, answer, messages, options, cancellationToken);
    }

    private async Task RespondAsync(
        HttpContext http, AnswerHeading heading, List<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var response = await router.GetResponseAsync(messages, options, cancellationToken);
        var trace = response.GetRouteTrace();
        GatewayLog.Answered(logger, trace);

        var completion = heading.PutOn(AnswerWriter.Write(response), trace?.Answer);
        completion.Usage = AnswerCost.AddTo(completion.Usage, trace);
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, completion, WireJson.Strict.ChatCompletion, cancellationToken);
    }

    private async Task StreamAsync(
        HttpContext http, AnswerHeading heading, List<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var updates = router.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            // Until the first content is there a failure has a status of its own; the headers wait for it.
            if (!await updates.MoveNextAsync())
                throw new RouterException(FailureKind.EmptyAnswer, "The answer is empty.");

            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-cache";
            using var events = new EventWriter(http.Response.BodyWriter);
            var answer = new AnswerStreamWriter();
            var attempt = updates.Current.GetRouteAttempt();
            try
            {
                await WriteAnswerAsync(updates, answer, chunk => heading.PutOn(chunk, attempt), events, cancellationToken);
            }
            catch (RouterException failure)
            {
                GatewayLog.Broken(logger, heading.Id, failure);
                await events.WriteAsync(heading.PutOn(ErrorChunk(failure), attempt), cancellationToken);
            }
        }
        finally
        {
            await updates.DisposeAsync();
        }
    }

    private async Task WriteAnswerAsync(
        IAsyncEnumerator<ChatResponseUpdate> updates, AnswerStreamWriter answer, Func<ChatCompletion, ChatCompletion> withHeading,
        EventWriter events, CancellationToken cancellationToken)
    {
        Routing.RouteTrace? trace = null;
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
        if (last.Usage is not null)
            await events.WriteAsync(withHeading(last), cancellationToken);
        await events.EndAsync(cancellationToken);
    }

    // OpenRouter: the status stays 200; one chunk has the error and ends the choice, and no [DONE] follows.
    private static ChatCompletion ErrorChunk(RouterException failure) => new()
    {
        Kind = ChatCompletion.ChunkKind,
        Error = GatewayError.From(failure).Body,
        Choices = [new Choice { Index = 0, Delta = new AnswerMessage { Content = new MessageContent("") }, FinishReason = "error" }],
    };
}

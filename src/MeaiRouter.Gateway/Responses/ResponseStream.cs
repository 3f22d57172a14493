using System.Text.Json;
using System.Text.Json.Nodes;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.OpenAI.Responses;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Responses;

/// <summary>A streamed answer as events of the Responses API.</summary>
internal sealed class ResponseStream(ResponseWriter answer, UpstreamEcho? echo, TimeProvider time) : IStreamForm
{
    // OpenRouter's comment, as in its chat completions: of this API's own events none says that nothing has happened.
    private static readonly byte[] Comment = ": OPENROUTER PROCESSING\n\n"u8.ToArray();

    private bool _hasBegun;

    public ReadOnlyMemory<byte> SignOfLife => Comment;

    public void Head(ChatResponseUpdate first) => ResponseHeading.PutOn(answer.Response, first.GetRouteAttempt(), first.GetCacheUse(), first.ModelId);

    public void Write(ChatResponseUpdate update, EventWriter events)
    {
        Begin(events);
        if (echo is not null)
            WriteEcho(events);
        Append(events, answer.Write(update));
    }

    public void End(RouteTrace? trace, JsonElement? metadata, EventWriter events)
    {
        answer.Response.OpenRouterMetadata = metadata;
        Begin(events);
        Append(events, answer.Complete(AnswerCost.AddTo(answer.Usage, trace), time.GetUtcNow().ToUnixTimeSeconds()));
    }

    public void Break(GatewayError error, JsonElement? metadata, EventWriter events)
    {
        answer.Response.OpenRouterMetadata = metadata;
        Begin(events);
        if (echo is not null)
            WriteEcho(events);
        var errorType = ResponseErrorCodes.TypeOf(error);
        Append(events, answer.Fail(new ResponseError { Code = ResponseErrorCodes.Of(errorType), Message = error.Body.Message }, errorType));
    }

    // OpenRouter: what does not fit the context is in this API no error but an answer that ended at its limit.
    public bool IsEnd(RouterException failure)
    {
        if (!ContextLimit.IsExceeded(failure))
            return false;

        answer.EndAtLimit();
        return true;
    }

    // OpenRouter's response.debug, once for each provider that is tried.
    private void WriteEcho(EventWriter events)
    {
        foreach (var (_, body) in echo!.Take())
            Append(events, answer.Show(JsonSerializer.SerializeToElement(new JsonObject { ["echo_upstream_body"] = JsonObject.Create(body) }, WireJson.Strict.JsonObject)));
    }

    private void Begin(EventWriter events)
    {
        if (_hasBegun)
            return;
        _hasBegun = true;
        Append(events, answer.Begin());
    }

    private static void Append(EventWriter events, IReadOnlyList<ResponseEvent> toSend)
    {
        for (var i = 0; i < toSend.Count; i++)
            events.Append(toSend[i].Type, toSend[i], ResponsesJson.Strict.ResponseEvent);
    }
}

using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Anthropic.Wire;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Requests;
using MeaiRouter.Gateway.Routes;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Messages;

/// <summary><c>POST /messages</c> and <c>/messages/count_tokens</c>: the pipeline behind Anthropic's wire, with OpenRouter's additions.</summary>
internal sealed class MessagesEndpoint(IChatClient router, RoutedRequests requests, KeepAlive keepAlive, ILogger<MessagesEndpoint> logger)
{
    private const string Omitted = "omitted";

    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        // Before anything can fail, so that every error has it.
        var id = RequestIds.New("gen-", CallFacts.Of(http).Time);
        http.Response.Headers["X-Generation-Id"] = id;
        http.Response.Headers[MessagesErrorEnvelope.RequestIdHeader] = id;

        var (body, messages, options, terms) = await ReadAsync(http, isCount: false);
        var request = requests.Of(http, key, terms, messages, options, conversation: "messages", isExact: false);
        request.Options.WithRequestId(id);
        var omitsThinking = body.Thinking?.Display == Omitted;
        if (body.Stream == true)
        {
            await new StreamedAnswer(http, id, new MessageStream(id, omitsThinking), logger).WriteAsync(router, request, keepAlive);
            return;
        }

        var response = await router.GetResponseAsync(request.Messages, request.Options, http.RequestAborted);
        var trace = WholeAnswer.Head(http, response);
        var message = AnswerWriter.Write(response, omitsThinking);
        MessageHeading.PutOn(message, id, trace?.Answer, trace?.Cache);
        MessageCost.AddTo(message.Usage!, response.Usage, trace);
        message.OpenrouterMetadata = RouterMetadata.IfWanted(http, trace);
        await WholeAnswer.WriteAsync(http, message, MessagesJson.Wire.AnswerMessage);
    }

    /// <summary>Counts the tokens of a request by rule of thumb: only the endpoint that answers would know them, and nobody is called for this.</summary>
    public static async Task CountAsync(HttpContext http, GatewayKey? key)
    {
        var (_, messages, options, _) = await ReadAsync(http, isCount: true);
        CallFacts.Of(http).Limits.Check(messages, "messages", isExact: false);

        http.Response.ContentType = "application/json";
        var count = new TokenCount { InputTokens = TokenEstimate.Of(messages, options) };
        await WholeAnswer.WriteAsync(http, count, MessagesJson.Wire.TokenCount);
    }

    private static async ValueTask<(MessagesRequest Body, List<ChatMessage> Messages, ChatOptions Options, OpenAI.Wire.ChatCompletionRequest Terms)> ReadAsync(
        HttpContext http, bool isCount)
    {
        var body = await RequestBody.ReadAsync(http.Request, RequestReader.Parse, http.RequestAborted);
        var terms = RequestTerms.Of(body);
        RoutedRequests.Announce(http, terms);
        var (messages, options) = RequestReader.Read(body, isCount);
        return (body, messages, options, terms);
    }
}

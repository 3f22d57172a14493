using System.Collections.Frozen;
using System.Text.Json;
using MeaiRouter.Gateway.Answers;
using MeaiRouter.Gateway.Authentication;
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

/// <summary><c>POST /chat/completions</c>: the pipeline behind OpenAI's wire, with OpenRouter's additions to the answer.</summary>
internal sealed class ChatCompletionsEndpoint(IChatClient router, RoutedRequests requests, KeepAlive keepAlive, TimeProvider time, ILogger<ChatCompletionsEndpoint> logger)
{
    // OpenRouter's clients insist on the field in whole answers, and that it is no null in chunks.
    private static readonly FrozenDictionary<string, JsonElement> NoFingerprint =
        new Dictionary<string, JsonElement> { ["system_fingerprint"] = JsonSerializer.SerializeToElement(null, WireJson.Strict.String) }.ToFrozenDictionary();

    public async Task HandleAsync(HttpContext http, GatewayKey? key)
    {
        var request = await requests.ReadAsync(http, key);
        var id = RequestIds.New("gen-", time);
        request.Options.WithRequestId(id);

        http.Response.Headers["X-Generation-Id"] = id;
        var heading = new AnswerHeading(id, time.GetUtcNow().ToUnixTimeSeconds());
        if (request.IsStreamed)
        {
            await new StreamedAnswer(http, id, new CompletionStream(heading, request.Echo, CallFacts.Of(http).Models), logger).WriteAsync(router, request, keepAlive);
            return;
        }

        var response = await router.GetResponseAsync(request.Messages, request.Options, http.RequestAborted);
        var trace = WholeAnswer.Head(http, response);
        var completion = heading.PutOn(AnswerWriter.Write(response), trace?.Answer, trace?.Cache);
        completion.Usage = AnswerCost.AddTo(completion.Usage, trace);
        completion.OpenRouterMetadata = RouterMetadata.IfWanted(http, trace) ?? completion.OpenRouterMetadata;
        if (completion.SystemFingerprint is null)
            completion.Extra = completion.Extra is { } extra ? new Dictionary<string, JsonElement>(extra) { ["system_fingerprint"] = NoFingerprint["system_fingerprint"] } : NoFingerprint;
        await WholeAnswer.WriteAsync(http, completion, WireJson.Strict.ChatCompletion);
    }
}

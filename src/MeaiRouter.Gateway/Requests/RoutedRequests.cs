using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.ProviderKeys;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>Makes of bodies and headers what the pipeline takes.</summary>
/// <param name="router">The pipeline, which knows the providers.</param>
/// <param name="owned">The providers' keys that callers have left here.</param>
internal sealed class RoutedRequests(IChatClient router, OwnedKeys owned)
{
    private const string SessionHeader = "x-session-id";

    public async ValueTask<RoutedRequest> ReadAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        Announce(http, request);
        FieldTypes.Check(request);
        var (messages, options) = RequestReader.Read(request);
        return Of(http, key, request, messages, options);
    }

    /// <summary>Keeps the models asked for at hand for the error that may answer the request.</summary>
    public static void Announce(HttpContext http, ChatCompletionRequest request) => CallFacts.Of(http).Models = new RequestedModels(request.Model, request.Models);

    /// <summary>The request as the pipeline takes it, where messages and options were read already.</summary>
    /// <param name="http">The request's headers.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="request">The fields that are for whoever routes; the messages in it are not read.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="conversation">The body's field that holds the conversation.</param>
    /// <param name="isExact">Whether each entry of that field is one message.</param>
    public RoutedRequest Of(
        HttpContext http, GatewayKey? key, ChatCompletionRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        string conversation = "messages", bool isExact = true)
    {
        var facts = CallFacts.Of(http);
        var headers = http.Request.Headers;
        facts.Limits.Check(messages, conversation, isExact);
        if (Plugins.AddTo(RoutingFields.Read(request), request) is { } preferences)
            options.WithRouting(preferences);
        AddKey(options, key);
        Attribution.Read(request, headers, options);
        ProviderKeyHeader.AddTo(options, headers, router);
        owned.AddTo(options, key);
        TraceFields.Read(request, options);
        CacheHeaders.Read(headers, options);
        if (RoutingFields.ReadSession(request, headers[SessionHeader].ToString()) is { } session)
        {
            options.WithSessionId(session);
            facts.Session = session;
        }

        return new RoutedRequest(messages, options, request.Stream == true) { Echo = UpstreamEcho.Begin(request, options) };
    }

    // His name, his policy, and the keys with which providers are called for him.
    private static void AddKey(ChatOptions options, GatewayKey? key)
    {
        if (key is null)
            return;

        options.WithCaller(key.Name);
        foreach (var (provider, providerKey) in key.ProviderKeys)
            options.WithProviderKey(provider, providerKey);
        if (key.Policy is { } policy)
            options.WithPolicy(policy);
    }
}

using System.Collections.Frozen;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Gateway.ProviderKeys;
using MeaiRouter.Keys;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Requests;

/// <summary>A request as the pipeline takes it: what the body asks for, within what the caller's key allows.</summary>
internal sealed record RoutedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool IsStreamed)
{
    private const string SessionHeader = "x-session-id";

    /// <summary>What providers are sent, where the request wants to see it.</summary>
    public UpstreamEcho? Echo { get; init; }

    public static async ValueTask<RoutedRequest> ReadAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        Announce(http, request);
        FieldTypes.Check(request);
        var (messages, options) = RequestReader.Read(request);
        return Of(http, key, request, messages, options);
    }

    /// <summary>Keeps the models asked for at hand for the error that may answer the request.</summary>
    public static void Announce(HttpContext http, ChatCompletionRequest request) => http.Features.Set(new RequestedModels(request.Model, request.Models));

    /// <summary>The request as the pipeline takes it, where messages and options were read already.</summary>
    /// <param name="http">The request's headers.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="request">The fields that are for whoever routes; the messages in it are not read.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="conversation">The body's field that holds the conversation.</param>
    /// <param name="isExact">Whether each entry of that field is one message.</param>
    public static RoutedRequest Of(
        HttpContext http, GatewayKey? key, ChatCompletionRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        string conversation = "messages", bool isExact = true)
    {
        CallFacts.Of(http).Limits.Check(messages, conversation, isExact);
        if (Plugins.AddTo(RoutingFields.Read(request), request) is { } preferences)
            options.WithRouting(preferences);
        AddKey(options, key);
        Attribution.Read(request, http.Request.Headers, options);
        ProviderKeyHeader.AddTo(options, http.Request.Headers, http.RequestServices.GetRequiredService<IChatClient>());
        http.RequestServices.GetRequiredService<OwnedKeys>().AddTo(options, key);
        TraceFields.Read(request, options);
        CacheHeaders.Read(http.Request.Headers, options);
        if (RoutingFields.ReadSession(request, http.Request.Headers[SessionHeader].ToString()) is { } session)
        {
            options.WithSessionId(session);
            if (http.Features.Get<CallFacts>() is { } facts)
                facts.Session = session;
        }

        return new RoutedRequest(messages, options, request.Stream == true) { Echo = UpstreamEcho.Begin(request, options) };
    }

    /// <summary>Puts a request under its caller's key: his name, his policy, and the keys with which providers are called for him.</summary>
    public static void AddKey(ChatOptions options, GatewayKey? key)
    {
        if (key is null)
            return;

        options.WithCaller(key.Name);
        foreach (var (provider, providerKey) in key.ProviderKeys ?? FrozenDictionary<string, ProviderKey>.Empty)
            options.WithProviderKey(provider, providerKey);
        if (key.Policy is { } policy)
            options.WithPolicy(policy);
    }
}

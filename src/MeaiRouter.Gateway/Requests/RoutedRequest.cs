using System.Collections.Frozen;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Errors;
using MeaiRouter.Keys;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Gateway.Requests;

/// <summary>A request as the pipeline takes it: what the body asks for, within what the caller's key allows.</summary>
internal sealed record RoutedRequest(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, bool IsStreamed)
{
    private const string SessionHeader = "x-session-id";

    public static async ValueTask<RoutedRequest> ReadAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        Announce(http, request);
        var (messages, options) = RequestReader.Read(request);
        return Of(http, key, request, messages, options);
    }

    /// <summary>Keeps the models asked for at hand for the error that may answer the request.</summary>
    public static void Announce(HttpContext http, ChatCompletionRequest request) => http.Features.Set(new RequestedModels([.. Models(request)]));

    /// <summary>The request as the pipeline takes it, where messages and options were read already.</summary>
    /// <param name="http">The request's headers.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="request">The fields that are for whoever routes; the messages in it are not read.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options, which are changed.</param>
    public static RoutedRequest Of(HttpContext http, GatewayKey? key, ChatCompletionRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions options)
    {
        if (RoutingFields.Read(request) is { } preferences)
            options.WithRouting(preferences);
        if (key is not null)
            options.WithCaller(key.Name);
        foreach (var (provider, providerKey) in key?.ProviderKeys ?? FrozenDictionary<string, ProviderKey>.Empty)
            options.WithProviderKey(provider, providerKey);
        if (key?.Policy is { } policy)
            options.WithPolicy(policy);
        Attribution.Read(request, http.Request.Headers, options);
        CacheHeaders.Read(http.Request.Headers, options);
        if (RoutingFields.ReadSession(request, http.Request.Headers[SessionHeader].ToString()) is { } session)
            WithSession(options, session);
        return new RoutedRequest(messages, options, request.Stream == true);
    }

    private static IEnumerable<string> Models(ChatCompletionRequest request) =>
        (request.Models ?? []).Select(entry => entry?.Model!).Prepend(request.Model!).Where(model => !string.IsNullOrWhiteSpace(model)).Distinct();

    private static void WithSession(ChatOptions options, string session)
    {
        try
        {
            options.WithSessionId(session);
        }
        catch (ArgumentException)
        {
            throw GatewayException.Invalid("'session_id' is too long; it may have at most 256 characters.");
        }
    }
}

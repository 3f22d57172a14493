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

    public static async ValueTask<RoutedRequest> ReadAsync(HttpContext http, GatewayKey? key)
    {
        var request = await RequestBody.ReadAsync(http.Request, http.RequestAborted);
        http.Features.Set(new RequestedModels([.. Models(request)]));

        var (messages, options) = RequestReader.Read(request);
        if (RoutingFields.Read(request) is { } preferences)
            options.WithRouting(preferences);
        if (key is not null)
            options.WithCaller(key.Name);
        foreach (var (provider, providerKey) in key?.ProviderKeys ?? FrozenDictionary<string, ProviderKey>.Empty)
            options.WithProviderKey(provider, providerKey);
        if (key?.Policy is { } policy)
            options.WithPolicy(policy);
        Attribution.Read(request, http.Request.Headers, options);
        ProviderKeyHeader.AddTo(options, http.Request.Headers);
        http.RequestServices.GetRequiredService<OwnedKeys>().AddTo(options, key);
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

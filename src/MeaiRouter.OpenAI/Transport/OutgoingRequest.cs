using System.Net.Http.Headers;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI.Transport;

/// <summary>A request of the wire as an HTTP request.</summary>
internal static class OutgoingRequest
{
    /// <summary>Makes the HTTP request.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="body">What it says.</param>
    /// <param name="options">The client's options.</param>
    /// <param name="credential">What the header of the key says, if the provider wants one.</param>
    /// <param name="keyIsOfCaller">Whether the key is the caller's own.</param>
    /// <param name="chat">The options of the call.</param>
    /// <exception cref="RouterException">The options of the call hold a header that cannot be sent.</exception>
    public static HttpRequestMessage Create(
        Uri address, ChatCompletionRequest body, OpenAICompatibleOptions options, string? credential, bool keyIsOfCaller, ChatOptions? chat)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Strict.ChatCompletionRequest);
        return Create(address, bytes, body.Stream == true, options, credential, keyIsOfCaller, chat?.AdditionalProperties);
    }

    /// <summary>Makes the HTTP request of any operation.</summary>
    /// <param name="address">Where it goes.</param>
    /// <param name="body">What it says, as JSON.</param>
    /// <param name="stream">Whether the answer is to be streamed.</param>
    /// <param name="options">The client's options.</param>
    /// <param name="credential">What the header of the key says, if the provider wants one.</param>
    /// <param name="keyIsOfCaller">Whether the key is the caller's own.</param>
    /// <param name="properties">The additional properties of the call's options.</param>
    /// <exception cref="RouterException">The properties hold a header that cannot be sent.</exception>
    public static HttpRequestMessage Create(
        Uri address, byte[] body, bool stream, OpenAICompatibleOptions options, string? credential, bool keyIsOfCaller, AdditionalPropertiesDictionary? properties)
    {
        if (properties?.TryGetValue(RequestProperties.BodyObserver, out var observer) == true)
            (observer as Action<string, ReadOnlyMemory<byte>>)?.Invoke(options.Provider, body);

        // Bytes rather than a stream: their length is known, and some providers refuse chunked requests.
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", AnswerMedia.Json);

        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", stream ? AnswerMedia.EventStream : AnswerMedia.Json);
        if (credential is not null)
            request.Headers.TryAddWithoutValidation(options.KeyHeader, credential);

        foreach (var (name, value) in options.Headers)
        {
            // The operator's must not pay for a call with the caller's key.
            if (keyIsOfCaller && (IsBearer(name) || Same(name, options.KeyHeader)))
                continue;
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (properties?.TryGetValue(RequestProperties.Headers, out var own) == true)
            AddOwnHeaders(request.Headers, own);
        return request;
    }

    /// <summary>What the header of the key says for a key.</summary>
    public static string Credential(string key, OpenAICompatibleOptions options) => IsBearer(options.KeyHeader) ? "Bearer " + key : key;

    /// <summary>The address of an operation: relative to the base as a directory, with or without a slash at its end; its query is kept.</summary>
    public static Uri Address(Uri baseUrl, string path) =>
        new UriBuilder(baseUrl) { Path = baseUrl.AbsolutePath.TrimEnd('/') + "/" + path }.Uri;

    private static void AddOwnHeaders(HttpRequestHeaders headers, object? own)
    {
        if (own is not IReadOnlyDictionary<string, string> named)
        {
            throw new RouterException(
                FailureKind.InvalidRequest, $"AdditionalProperties[\"{RequestProperties.Headers}\"] must be an IReadOnlyDictionary<string, string>.");
        }

        foreach (var (name, value) in named)
        {
            if (RequestHeaders.Problem(name, value) is { } problem)
                throw new RouterException(FailureKind.InvalidRequest, problem);
            if (!headers.Contains(name))
                headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool IsBearer(string header) => Same(header, OpenAICompatibleOptions.DefaultKeyHeader);

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);
}

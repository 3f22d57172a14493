using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Transport;
using MeaiRouter.OpenAI.Wire;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI;

/// <summary>A chat client for every provider that speaks OpenAI's chat completions, however loosely.</summary>
/// <remarks>
/// It calls once and never retries: whoever routes does. Every failure but the caller's cancellation is a <see cref="RouterException"/>.
/// An answer without a finish reason is handed out as it is; judging it is up to the layers above, and so are deadlines.
/// Of several keys each call takes the next, whatever became of the last; a pipeline chooses by what it knows of them.
/// Thread safe.
/// </remarks>
public sealed class OpenAICompatibleChatClient : IChatClient, IKeyedChatClient, IRateLimitSource
{
    private const int MaxRefusalBytes = 64 * 1024;

    private readonly OpenAICompatibleOptions _options;
    private readonly ChatClientMetadata _metadata;
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly Uri _address;
    private readonly ProviderKey[] _keys;
    private readonly OpenAICompatibleChatClient?[] _withKey;
    private readonly bool _hasKeyOfCaller;
    private readonly AnswerSource _source;
    private int _calls;

    /// <summary>Creates a client.</summary>
    /// <param name="options">Where and as whom to call.</param>
    /// <param name="httpClient">
    /// The HTTP client to use; it is not disposed, and its timeout, retries and redirects are the caller's choice. Default: one of its own
    /// with 5 s to connect, connections renewed every 5 minutes, and neither timeout nor redirects.
    /// </param>
    /// <exception cref="ArgumentException">The provider has no name, the base address is not absolute, or a key is blank.</exception>
    public OpenAICompatibleChatClient(OpenAICompatibleOptions options, HttpClient? httpClient = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Provider);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxResponseBytes);
        if (options.BaseUrl is not { IsAbsoluteUri: true })
            throw new ArgumentException($"The base address of {options.Provider} must be absolute.", nameof(options));

        _options = options;
        _metadata = new ChatClientMetadata(options.Provider, options.BaseUrl, options.DefaultModelId);
        _http = httpClient ?? ProviderConnections.Create();
        _ownsHttp = httpClient is null;
        _address = Append(options.BaseUrl, "chat/completions");
        _keys = [.. options.ApiKeys.Select((secret, i) => OwnKey(secret, i, options.Provider))];
        _withKey = new OpenAICompatibleChatClient?[_keys.Length];
        _source = new AnswerSource(options.Provider, [.. options.ApiKeys, .. options.Headers.Values]);
    }

    private OpenAICompatibleChatClient(OpenAICompatibleChatClient shared, ProviderKey key, bool isOfCaller)
    {
        _options = shared._options;
        _metadata = shared._metadata;
        _http = shared._http;
        _address = shared._address;
        _keys = [key];
        _withKey = [this];
        _hasKeyOfCaller = isOfCaller;
        _source = isOfCaller ? new AnswerSource(_options.Provider, [.. shared._source.Secrets ?? [], key.Secret]) : shared._source;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ProviderKey> Keys => _keys;

    /// <inheritdoc/>
    /// <remarks>
    /// A key of the caller's replaces an <c>Authorization</c> among the options' headers; the other headers are sent with it as with any key.
    /// </remarks>
    public IChatClient WithKey(ProviderKey key)
    {
        ArgumentNullException.ThrowIfNull(key);

        // Also where it comes from another client that was given the same keys.
        var own = Array.FindIndex(_keys, known => known.Secret == key.Secret);
        return own >= 0
            ? _withKey[own] ??= new OpenAICompatibleChatClient(this, _keys[own], _hasKeyOfCaller)
            : new OpenAICompatibleChatClient(this, key, isOfCaller: true);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var response = await SendAsync(messages, options, stream: false, cancellationToken).ConfigureAwait(false);
        if (AnswerMedia.IsEventStream(response))
            return await ReadEventsAsync(response, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

        return await ReadWholeAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var response = await SendAsync(messages, options, stream: true, cancellationToken).ConfigureAwait(false);
        if (AnswerMedia.IsJson(response))
        {
            // The provider does not stream, or not this model.
            var whole = await ReadWholeAsync(response, cancellationToken).ConfigureAwait(false);
            foreach (var update in whole.ToChatResponseUpdates())
                yield return update;
            yield break;
        }

        await foreach (var update in ReadEventsAsync(response, cancellationToken).ConfigureAwait(false))
            yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Closes the connections, unless the HTTP client came from outside or from the client that this one is another key of.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
            _http.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(messages, options, stream);
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure(exception, answerBegan: false, cancellationToken) is { } failure)
        {
            throw failure;
        }

        RateLimitReport.Send(response, options, _options.TimeProvider);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw await ReadRefusalAsync(response, cancellationToken).ConfigureAwait(false);
    }

    private HttpRequestMessage CreateRequest(IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream)
    {
        var wire = RequestWriter.Write(messages, options, stream, this, _options.Spelling);
        wire.Model ??= _options.DefaultModelId;

        // Bytes rather than a stream: their length is known, and some providers refuse chunked requests.
        var body = JsonSerializer.SerializeToUtf8Bytes(wire, WireJson.Strict.ChatCompletionRequest);
        if (options?.AdditionalProperties?.TryGetValue(RequestProperties.BodyObserver, out var observer) == true)
            (observer as Action<string, ReadOnlyMemory<byte>>)?.Invoke(_options.Provider, body);
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(AnswerMedia.Json);

        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", stream ? AnswerMedia.EventStream : AnswerMedia.Json);
        if (_keys.Length > 0)
        {
            var turn = (uint)Interlocked.Increment(ref _calls) - 1;
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + _keys[turn % (uint)_keys.Length].Secret);
        }

        foreach (var (name, value) in _options.Headers)
        {
            // The operator's must not pay for a call with the caller's key.
            if (_hasKeyOfCaller && name.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
                continue;
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (options?.AdditionalProperties?.TryGetValue(RequestProperties.Headers, out var own) == true)
            AddOwnHeaders(request.Headers, own);
        return request;
    }

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

    private async Task<RouterException> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        // A body that does not come must not hide the status that did.
        PooledBody? body = null;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = await PooledBody.ReadAsync(stream, MaxRefusalBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        using (body)
        {
            return ProviderErrors.FromHttp(
                _options.Provider,
                (int)response.StatusCode,
                response.Headers,
                body is null ? [] : body.Bytes,
                _options.TimeProvider,
                _source.Secrets);
        }
    }

    private async Task<ChatResponse> ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        AnswerMedia.ThrowIfPage(response, _options.Provider);
        using var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        return AnswerReader.Read(AnswerReader.Parse(body.Bytes, _source), _source);
    }

    private async Task<PooledBody> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        PooledBody body;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            body = await PooledBody.ReadAsync(stream, _options.MaxResponseBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure(exception, answerBegan: true, cancellationToken) is { } failure)
        {
            throw failure;
        }

        if (!body.IsCut)
            return body;

        body.Dispose();
        throw new RouterException(
            FailureKind.MalformedAnswer, $"{_options.Provider} sent an answer of more than {_options.MaxResponseBytes} bytes.")
        {
            Provider = _options.Provider,
        };
    }

    private async IAsyncEnumerable<ChatResponseUpdate> ReadEventsAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerMedia.ThrowIfPage(response, _options.Provider);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var events = new SseReader(stream, _options.MaxResponseBytes);
        var answer = new AnswerStreamReader(_source);
        while (await NextEventAsync(events, cancellationToken).ConfigureAwait(false))
        {
            if (events.Data.Span.SequenceEqual("[DONE]"u8))
                break;
            if (events.Data.IsEmpty)
                continue;
            if (answer.Read(ParseEvent(events)) is { } update)
                yield return update;
        }

        foreach (var update in answer.Complete())
            yield return update;
        await ConnectionReuse.ReadToEndAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> NextEventAsync(SseReader events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure(exception, answerBegan: true, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private ChatCompletion ParseEvent(SseReader events)
    {
        // An event named "error" is one even where its data lacks the envelope.
        if (events.EventType == FinishReasons.Error)
            throw ProviderErrors.InBand(ErrorBody.Read(events.Data.Span), _options.Provider, _source.Secrets);
        return AnswerReader.Parse(events.Data.Span, _source);
    }

    private Exception? Failure(Exception exception, bool answerBegan, CancellationToken cancellationToken) =>
        TransportFailures.Read(exception, _options.Provider, answerBegan, cancellationToken);

    private static ProviderKey OwnKey(string secret, int index, string provider) => string.IsNullOrWhiteSpace(secret)
        ? throw new ArgumentException($"ApiKeys[{index}] of {provider} is blank. Leave it out, or give it a key.")
        : new ProviderKey($"key {index + 1}", secret);

    // Relative to the base as a directory, whether or not it ends with a slash; its query (Azure's api-version) is kept.
    private static Uri Append(Uri baseUrl, string path) =>
        new UriBuilder(baseUrl) { Path = baseUrl.AbsolutePath.TrimEnd('/') + "/" + path }.Uri;
}

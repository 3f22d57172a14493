using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using MeaiRouter.Attempts;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.OpenAI.Codec;
using MeaiRouter.OpenAI.Embeddings;
using MeaiRouter.OpenAI.Errors;
using MeaiRouter.OpenAI.Transport;
using MeaiRouter.OpenAI.Wire;
using Microsoft.Extensions.AI;

namespace MeaiRouter.OpenAI;

/// <summary>A chat client for every provider that speaks OpenAI's chat completions, however loosely.</summary>
/// <remarks>
/// It calls once and never retries: whoever routes does. Every failure but the caller's cancellation is a <see cref="RouterException"/>.
/// An answer without a finish reason is handed out as it is; judging it is up to the layers above, and so are deadlines.
/// <c>GetService</c> also gives an <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c> that calls the provider's <c>/embeddings</c>.
/// Of several keys each call takes the next, whatever became of the last; a pipeline chooses by what it knows of them.
/// Thread safe.
/// </remarks>
public sealed class OpenAICompatibleChatClient : IChatClient, IKeyedChatClient, IRateLimitSource
{
    private readonly OpenAICompatibleOptions _options;
    private readonly ChatClientMetadata _metadata;
    private readonly HttpMessageInvoker _http;
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
        ArgumentException.ThrowIfNullOrWhiteSpace(options.KeyHeader);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxResponseBytes);
        if (options.BaseUrl is not { IsAbsoluteUri: true })
            throw new ArgumentException($"The base address of {options.Provider} must be absolute.", nameof(options));

        _options = options;
        _metadata = new ChatClientMetadata(options.Provider, options.BaseUrl, options.DefaultModelId);
        _http = httpClient ?? ProviderConnections.Create();
        _ownsHttp = httpClient is null;
        _address = OutgoingRequest.Address(options.BaseUrl, "chat/completions");
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
    /// A key of the caller's replaces an <c>Authorization</c>, and the header of the key, among the options' headers; the others are sent with it as
    /// with any key.
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
            return await StreamAsync(response, messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

        return await ReadWholeAsync(response, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        StreamAsync(received: null, messages, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(IEmbeddingGenerator<string, Embedding<float>>) ? new OpenAICompatibleEmbeddingGenerator(this)
            : null;
    }

    internal OpenAICompatibleOptions Options => _options;

    /// <summary>Calls another operation of the provider than chat.</summary>
    /// <param name="path">Where, below the base address.</param>
    /// <param name="body">What it says, as JSON.</param>
    /// <param name="options">The options of the call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task<HttpResponseMessage> PostAsync(
        string path, byte[] body, EmbeddingGenerationOptions? options, CancellationToken cancellationToken)
    {
        var address = OutgoingRequest.Address(_options.BaseUrl, path);
        using var request = OutgoingRequest.Create(address, body, stream: false, _options, NextKey(), _hasKeyOfCaller, options?.AdditionalProperties);
        return await SendAsync(request, options?.GetRateLimitObserver(), cancellationToken).ConfigureAwait(false);
    }

    internal AnswerSource SourceOf(HttpResponseMessage response) => _source with { Headers = response.Headers };

    /// <summary>Closes the connections, unless the HTTP client came from outside or from the client that this one is another key of.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
            _http.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, bool stream, CancellationToken cancellationToken)
    {
        var body = RequestWriter.Write(messages, options, stream, this, _options.Spelling.For(options?.ModelId ?? _options.DefaultModelId));
        body.Model ??= _options.DefaultModelId;
        using var request = OutgoingRequest.Create(_address, body, _options, NextKey(), _hasKeyOfCaller, options);
        return await SendAsync(request, options?.GetRateLimitObserver(), cancellationToken).ConfigureAwait(false);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, IRateLimitObserver? observer, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await ProviderConnections.SendAsync(_http, request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure(exception, answerBegan: false, cancellationToken) is { } failure)
        {
            throw failure;
        }

        RateLimitReport.Send(response, observer, _options.TimeProvider);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
        {
            throw await IncomingBody.ReadRefusalAsync(response, _options.Provider, _options.TimeProvider, _source.Secrets, cancellationToken)
                .ConfigureAwait(false);
        }
    }

    private string? NextKey() => _keys.Length == 0 ? null : _keys[((uint)Interlocked.Increment(ref _calls) - 1) % (uint)_keys.Length].Secret;

    private async Task<ChatResponse> ReadWholeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        AnswerMedia.ThrowIfPage(response, _options.Provider);
        using var body = await IncomingBody.ReadAsync(response, _options.Provider, _options.MaxResponseBytes, cancellationToken).ConfigureAwait(false);
        var source = SourceOf(response);
        return AnswerReader.Read(AnswerReader.Parse(body.Bytes, source), source);
    }

    // One iterator from the request to the last event: each further one would cost every update another step.
    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        HttpResponseMessage? received,
        IEnumerable<ChatMessage> messages,
        ChatOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var response = received ?? await SendAsync(messages, options, stream: true, cancellationToken).ConfigureAwait(false);
        if (AnswerMedia.IsJson(response))
        {
            // The provider does not stream, or not this model.
            var whole = await ReadWholeAsync(response, cancellationToken).ConfigureAwait(false);
            foreach (var update in whole.ToChatResponseUpdates())
                yield return update;
            yield break;
        }

        AnswerMedia.ThrowIfPage(response, _options.Provider);
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var events = new SseReader(stream, _options.MaxResponseBytes);
        var source = SourceOf(response);
        var chunks = new ChunkReader(source);
        var answer = new AnswerStreamReader(source);
        ExceptionDispatchInfo? broken = null;
        while (true)
        {
            ChatResponseUpdate? update;
            try
            {
                if (!await NextEventAsync(events, cancellationToken).ConfigureAwait(false) || events.Data.Span.SequenceEqual("[DONE]"u8))
                    break;
                update = events.Data.IsEmpty ? null : answer.Read(ParseEvent(events, chunks, source));
            }
            catch (RouterException exception) when (answer.HasUsage)
            {
                // What was used will be charged, however the answer ended.
                broken = ExceptionDispatchInfo.Capture(exception);
                break;
            }

            if (update is not null)
                yield return update;
        }

        if (broken is not null)
        {
            if (answer.TakeUsage() is { } usage)
                yield return usage;
            broken.Throw();
        }

        foreach (var update in answer.Complete())
            yield return update;
        await ConnectionReuse.ReadToEndAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    private ValueTask<bool> NextEventAsync(SseReader events, CancellationToken cancellationToken)
    {
        var next = events.ReadAsync(cancellationToken);
        return next.IsCompletedSuccessfully ? next : AwaitEventAsync(next, cancellationToken);
    }

    private async ValueTask<bool> AwaitEventAsync(ValueTask<bool> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next.ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure(exception, answerBegan: true, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private static ChatCompletion ParseEvent(SseReader events, ChunkReader chunks, AnswerSource source)
    {
        // An event named "error" is one even where its data lacks the envelope.
        if (events.EventType == FinishReasons.Error)
            throw ProviderErrors.InBand(ErrorBody.Read(events.Data.Span), source);
        return chunks.Parse(events.Data.Span);
    }

    private Exception? Failure(Exception exception, bool answerBegan, CancellationToken cancellationToken) =>
        TransportFailures.Read(exception, _options.Provider, answerBegan, cancellationToken);

    private static ProviderKey OwnKey(string secret, int index, string provider) => string.IsNullOrWhiteSpace(secret)
        ? throw new ArgumentException($"ApiKeys[{index}] of {provider} is blank. Leave it out, or give it a key.")
        : new ProviderKey($"key {index + 1}", secret);
}

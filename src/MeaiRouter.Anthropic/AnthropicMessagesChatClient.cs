using System.Runtime.CompilerServices;
using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using MeaiRouter.Anthropic.Errors;
using MeaiRouter.Anthropic.Messages;
using MeaiRouter.Anthropic.Transport;
using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using Microsoft.Extensions.AI;
using MessageCreateParams = Anthropic.Models.Messages.MessageCreateParams;
using RawMessageStreamEvent = Anthropic.Models.Messages.RawMessageStreamEvent;

namespace MeaiRouter.Anthropic;

/// <summary>A chat client for Anthropic's Messages API through Anthropic's own SDK, which sends, authenticates and reads the stream.</summary>
/// <remarks>
/// <para>
/// Unlike the SDK's own adapter it reports cache writes by their time to live, rate limits and <c>Retry-After</c>, a stream that ends without its end as a
/// failure, and what a broken one had used; thinking goes back with its signatures, results of tools with their images, citations and stop sequences are kept.
/// </para>
/// <para>
/// It calls once and never retries: whoever routes does. Every failure but the caller's cancellation is a <see cref="RouterException"/>.
/// Of several keys each call takes the next; a pipeline chooses by what it knows of them. A request with a sampling parameter goes to version
/// <c>2023-06-01</c> of the API, the last one that has them; every other one to the version of the SDK. Thread safe.
/// </para>
/// </remarks>
public sealed class AnthropicMessagesChatClient : IChatClient, IKeyedChatClient, IRateLimitSource
{
    private static readonly Dictionary<string, JsonElement> Nothing = [];

    private readonly AnthropicMessagesOptions _options;
    private readonly ChatClientMetadata _metadata;
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly ProviderKey[] _keys;
    private readonly AnthropicMessagesChatClient?[] _withKey;
    private readonly bool _hasKeyOfCaller;
    private readonly MessagesErrors _errors;
    private readonly AnthropicClientWithRawResponse _sdk;
    private int _calls;

    /// <summary>Creates a client.</summary>
    /// <param name="options">Where and as whom to call.</param>
    /// <param name="httpClient">
    /// The HTTP client to use; it is not disposed, and its timeout and redirects are the caller's choice. Default: one of its own
    /// with 5 s to connect, connections renewed every 5 minutes, and neither timeout nor redirects.
    /// </param>
    /// <exception cref="ArgumentException">The provider has no name, the base address is not absolute, a limit is not positive, or a key is blank.</exception>
    public AnthropicMessagesChatClient(AnthropicMessagesOptions options, HttpClient? httpClient = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.Provider);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxResponseBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxOutputTokens);
        if (options.BaseUrl is not { IsAbsoluteUri: true })
            throw new ArgumentException($"The base address of {options.Provider} must be absolute.", nameof(options));

        _options = options;
        _metadata = new ChatClientMetadata(options.Provider, options.BaseUrl, options.DefaultModelId);
        _keys = [.. options.ApiKeys.Select((secret, i) => OwnKey(secret, i, options.Provider))];
        _withKey = new AnthropicMessagesChatClient?[_keys.Length];
        _errors = new MessagesErrors(options.Provider, [.. options.ApiKeys, .. options.Headers.Values], options.TimeProvider);
        _http = httpClient ?? ProviderConnections.Create();
        _ownsHttp = httpClient is null;
        _sdk = Sdk();
    }

    private AnthropicMessagesChatClient(AnthropicMessagesChatClient shared, ProviderKey key, bool isOfCaller)
    {
        _options = shared._options;
        _metadata = shared._metadata;
        _http = shared._http;
        _sdk = shared._sdk;
        _keys = [key];
        _withKey = [this];
        _hasKeyOfCaller = isOfCaller;
        _errors = isOfCaller
            ? new MessagesErrors(_options.Provider, [.. _options.ApiKeys, .. _options.Headers.Values, key.Secret], _options.TimeProvider)
            : shared._errors;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ProviderKey> Keys => _keys;

    /// <inheritdoc/>
    /// <remarks>A key of the caller's replaces <c>Authorization</c> and <c>x-api-key</c> among the options' headers.</remarks>
    public IChatClient WithKey(ProviderKey key)
    {
        ArgumentNullException.ThrowIfNull(key);

        // Also where it comes from another client that was given the same keys.
        var own = Array.FindIndex(_keys, known => known.Secret == key.Secret);
        return own >= 0
            ? _withKey[own] ??= new AnthropicMessagesChatClient(this, _keys[own], _hasKeyOfCaller)
            : new AnthropicMessagesChatClient(this, key, isOfCaller: true);
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var call = Call(messages, options, cancellationToken);
        string? requestId = null;
        try
        {
            using var answer = await call.Sdk.Messages.Create(call.Request, cancellationToken).ConfigureAwait(false);
            requestId = answer.RequestID;
            var json = await ReadWholeAsync(answer, cancellationToken).ConfigureAwait(false);
            ThrowIfError(json, requestId);
            return WithRequestId(AnswerReader.Read(json), requestId);
        }
        catch (Exception exception) when (TransportFailures.Read(exception, _errors, requestId is not null, requestId, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using var answer = await OpenAsync(Call(messages, options, cancellationToken), cancellationToken).ConfigureAwait(false);
        var requestId = answer.RequestID;
        var reader = new AnswerStreamReader();
        var isFirst = true;
        var events = answer.Enumerate(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var closing = events.ConfigureAwait(false);
        while (true)
        {
            Exception? broken = null;
            ChatResponseUpdate? update = null;
            try
            {
                if (!await events.MoveNextAsync().ConfigureAwait(false))
                    break;
                update = reader.Read(events.Current.Json);
            }
            catch (Exception exception) when (FailureOf(exception, requestId, cancellationToken) is { } failure)
            {
                broken = failure;
            }

            if (broken is not null)
            {
                // What it used until then is charged all the same.
                if (broken is RouterException && reader.UsageSoFar() is { } usage)
                    yield return usage;
                throw broken;
            }

            if (update is null)
                continue;
            if (isFirst && requestId is not null)
                (update.AdditionalProperties ??= [])[ContentProperties.RequestId] = requestId;
            isFirst = false;
            yield return update;
        }

        if (reader.HasEnded)
            yield break;
        if (reader.UsageSoFar() is { } used)
            yield return used;
        throw _errors.Failure(FailureKind.Truncated, $"{_options.Provider} ended its answer in the middle, without message_stop.", requestId: requestId);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(Dialect) ? _options.Dialect
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Closes the connections, unless the HTTP client came from outside or from the client that this one is another key of.</summary>
    public void Dispose()
    {
        if (_ownsHttp)
            _http.Dispose();
    }

    private async Task<StreamingHttpResponse<RawMessageStreamEvent>> OpenAsync(
        (IAnthropicClientWithRawResponse Sdk, MessageCreateParams Request) call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.Sdk.Messages.CreateStreaming(call.Request, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (TransportFailures.Read(exception, _errors, answerBegan: false, null, cancellationToken) is { } failure)
        {
            throw failure;
        }
    }

    private (IAnthropicClientWithRawResponse Sdk, MessageCreateParams Request) Call(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var body = RequestWriter.Write(messages, options, _options.Dialect, _options.DefaultModelId, _options.MaxOutputTokens);
        var headers = CallHeaders.Of(options, _options.Headers, body, _hasKeyOfCaller);
        var handler = new CallHandler(_errors, headers, options?.GetRateLimitObserver(), _options.TimeProvider, cancellationToken);
        var key = _keys.Length == 0 ? null : _keys[((uint)Interlocked.Increment(ref _calls) - 1) % (uint)_keys.Length].Secret;

        return (_sdk.WithOptions(sdk => sdk with { ApiKey = key, Handlers = [handler] }), MessageCreateParams.FromRawUnchecked(Nothing, Nothing, body));
    }

    private Exception? FailureOf(Exception exception, string? requestId, CancellationToken cancellationToken) =>
        exception is AnthropicSseException told
            ? _errors.FromEvent(told.Body.ValueKind == JsonValueKind.Undefined ? told.Message : told.Body.GetRawText(), requestId)
            : TransportFailures.Read(exception, _errors, answerBegan: true, requestId, cancellationToken);

    private async Task<JsonElement> ReadWholeAsync(HttpResponse answer, CancellationToken cancellationToken)
    {
        using var body = await answer.ReadAsStream(cancellationToken).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var length)
        {
            bytes.Write(buffer, 0, length);
            if (bytes.Length > _options.MaxResponseBytes)
                throw _errors.Failure(FailureKind.MalformedAnswer, $"{_options.Provider} sent an answer of more than {_options.MaxResponseBytes} bytes.");
        }

        return JsonElement.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }

    private void ThrowIfError(JsonElement message, string? requestId)
    {
        if (message.Text("type") == "error" || (message.Object("error") is not null && message.Member("content") is null))
            throw _errors.FromEvent(message.GetRawText(), requestId);
        if (message.ValueKind != JsonValueKind.Object)
            throw _errors.Failure(FailureKind.MalformedAnswer, $"{_options.Provider} sent an answer that is no JSON object.", requestId: requestId);
    }

    private static ChatResponse WithRequestId(ChatResponse response, string? requestId)
    {
        if (requestId is not null)
            (response.AdditionalProperties ??= [])[ContentProperties.RequestId] = requestId;
        return response;
    }

    // Infinite: the SDK would otherwise refuse long answers that are not streamed, or give up on them by a clock of its own.
    private AnthropicClientWithRawResponse Sdk() => new(new ClientOptions
    {
        HttpClient = _http,
        BaseUrl = _options.BaseUrl.OriginalString.TrimEnd('/'),
        ApiKey = null,
        AuthToken = null,
        MaxRetries = 0,
        Timeout = Timeout.InfiniteTimeSpan,
    });

    private static ProviderKey OwnKey(string secret, int index, string provider) => string.IsNullOrWhiteSpace(secret)
        ? throw new ArgumentException($"ApiKeys[{index}] of {provider} is blank. Leave it out, or give it a key.")
        : new ProviderKey($"key {index + 1}", secret);
}

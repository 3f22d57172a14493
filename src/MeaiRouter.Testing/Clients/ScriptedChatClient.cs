using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Testing;

/// <summary>A client in memory that does what a test says, for tests that need no wire: first the single steps in order, then one step forever.</summary>
/// <remarks>
/// A whole answer is streamed as one update for each word, and streamed updates are combined to a whole one. A call for which no step is left throws a
/// <see cref="RouterException"/> of the kind <see cref="FailureKind.InvalidRequest"/>, which no policy tries again. All members may be used from several threads.
/// </remarks>
public sealed class ScriptedChatClient : IChatClient
{
    private readonly Lock _lock = new();
    private readonly List<Step> _once = [];
    private readonly List<ScriptedCall> _calls = [];
    private readonly ChatClientMetadata _metadata;
    private readonly TimeProvider _time;
    private Step? _always;

    /// <summary>Creates a client that has no step yet.</summary>
    /// <param name="provider">The provider's name, as its metadata tell it.</param>
    /// <param name="timeProvider">The clock of delays; by default the system's.</param>
    public ScriptedChatClient(string provider, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(provider);
        _metadata = new ChatClientMetadata(provider);
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>The calls so far, in order.</summary>
    public IReadOnlyList<ScriptedCall> Calls
    {
        get
        {
            lock (_lock)
                return [.. _calls];
        }
    }

    /// <summary>Answers one call with a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inputTokens">The input tokens that the answer reports; without them and <paramref name="outputTokens"/> it reports no usage.</param>
    /// <param name="outputTokens">The output tokens that the answer reports.</param>
    public ScriptedChatClient Answers(string text, int? inputTokens = null, int? outputTokens = null) => Answers(new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
    {
        FinishReason = ChatFinishReason.Stop,
        Usage = inputTokens is null && outputTokens is null
            ? null
            : new UsageDetails { InputTokenCount = inputTokens, OutputTokenCount = outputTokens, TotalTokenCount = (inputTokens ?? 0) + (outputTokens ?? 0) },
    });

    /// <summary>Answers one call.</summary>
    /// <param name="response">The answer, handed out as it is.</param>
    public ScriptedChatClient Answers(ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return Add(new Step(response, null));
    }

    /// <summary>Fails one call.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="retryAfter">How long the provider asks to wait; <see langword="null"/> if it does not say.</param>
    public ScriptedChatClient Fails(FailureKind kind, TimeSpan? retryAfter = null) =>
        Throws(new RouterException(kind, $"{_metadata.ProviderName} was told to fail.") { Provider = _metadata.ProviderName, RetryAfter = retryAfter });

    /// <summary>Fails one call.</summary>
    /// <param name="exception">What it throws.</param>
    public ScriptedChatClient Throws(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Add(new Step(null, exception));
    }

    /// <summary>Lets the step added last take this long, by the client's clock, before its first update.</summary>
    /// <param name="delay">How long; infinite for an endpoint that never answers.</param>
    /// <exception cref="InvalidOperationException">There is no step yet.</exception>
    public ScriptedChatClient After(TimeSpan delay) => ChangeLast(step => step with { Delay = delay });

    /// <summary>Breaks the answer added last: a stream after so many words, a whole answer before its first.</summary>
    /// <param name="words">After how many words of the stream.</param>
    /// <exception cref="InvalidOperationException">There is no step yet.</exception>
    public ScriptedChatClient CutAfter(int words)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(words);
        return ChangeLast(step => step with { CutAfter = words });
    }

    /// <summary>Does the step added last with every call for which no other one is left.</summary>
    /// <exception cref="InvalidOperationException">There is no step yet.</exception>
    public ScriptedChatClient Always() => ChangeLast(step => _always = step);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var step = Take(messages, options, isStreamed: false);
        await Task.Delay(step.Delay, _time, cancellationToken).ConfigureAwait(false);
        return step.CutAfter is null && step.Exception is null ? step.Response! : throw step.Exception ?? Cut();
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var step = Take(messages, options, isStreamed: true);
        await Task.Delay(step.Delay, _time, cancellationToken).ConfigureAwait(false);
        if (step.Exception is { } exception)
            throw exception;

        var sent = 0;
        foreach (var update in step.Response!.ToChatResponseUpdates().SelectMany(InWords))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (sent++ == step.CutAfter)
                throw Cut();
            yield return update;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: the script can be used again.</summary>
    public void Dispose()
    {
    }

    private ScriptedChatClient Add(Step step)
    {
        lock (_lock)
            _once.Add(step);
        return this;
    }

    private ScriptedChatClient ChangeLast(Func<Step, Step> change)
    {
        lock (_lock)
        {
            if (_once.Count == 0)
                throw new InvalidOperationException($"Nothing is scripted yet. Say first what happens: {nameof(Answers)}, {nameof(Fails)} or {nameof(Throws)}.");

            _once[^1] = change(_once[^1]);
        }

        return this;
    }

    private RouterException Cut() =>
        new(FailureKind.Truncated, $"{_metadata.ProviderName} was told to break off.") { Provider = _metadata.ProviderName };

    private Step Take(IEnumerable<ChatMessage> messages, ChatOptions? options, bool isStreamed)
    {
        var call = new ScriptedCall([.. messages], options?.Clone(), isStreamed);
        lock (_lock)
        {
            _calls.Add(call);
            if (_once.Count == 0)
            {
                return _always ?? throw new RouterException(
                    FailureKind.InvalidRequest, $"The script of {_metadata.ProviderName} has no step left for its call {_calls.Count}.");
            }

            var step = _once[0];
            _once.RemoveAt(0);
            return step;
        }
    }

    // Only a lone text is taken apart; whatever else an update holds stays together.
    private static IEnumerable<ChatResponseUpdate> InWords(ChatResponseUpdate update)
    {
        if (update.Contents is not [TextContent { Text: var text }] || Pieces.Words(text) is not { Length: > 1 } words)
            return [update];

        return words.Select((word, index) =>
        {
            var piece = update.Clone();
            piece.Contents = [new TextContent(word)];
            if (index < words.Length - 1)
                piece.FinishReason = null;
            return piece;
        });
    }

    private sealed record Step(ChatResponse? Response, Exception? Exception)
    {
        public TimeSpan Delay { get; init; }

        public int? CutAfter { get; init; }
    }
}

using System.Text.Json.Serialization;
using MeaiRouter.Catalog;
using MeaiRouter.Keys;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>One call to one endpoint: when it began, how it ended, what it used and what it cost.</summary>
/// <remarks>Serialized it is a constant: it rides on answers, and other people's caches and histories write those down.</remarks>
[JsonConverter(typeof(ConstantConverter<RouteAttempt>))]
public sealed class RouteAttempt
{
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly IAttemptObserver? _observer;
    private readonly IAttemptObserver? _requestObserver;
    private List<string>? _toolCallIds;
    private UsageDetails? _reportedUsage;

    internal RouteAttempt(
        int index, string provider, Model? model, ModelEndpoint? endpoint, IAttemptObserver? observer, IAttemptObserver? requestObserver,
        TimeProvider time)
    {
        _observer = observer;
        _requestObserver = requestObserver;
        Index = index;
        Provider = provider;
        Model = model;
        Endpoint = endpoint;
        StartedAt = time.GetUtcNow();
        _time = time;
        _started = time.GetTimestamp();
        observer?.Begin();
        requestObserver?.Begin();
    }

    /// <summary>The attempt's place in the order in which attempts began, from 0.</summary>
    public int Index { get; }

    /// <summary>The provider called.</summary>
    public string Provider { get; }

    /// <summary>The catalogue's model; <see langword="null"/> where no router chose one.</summary>
    public Model? Model { get; }

    /// <summary>The catalogue's endpoint; <see langword="null"/> where no router chose one.</summary>
    public ModelEndpoint? Endpoint { get; }

    /// <summary>The name of the key the provider was called with; <see langword="null"/> where its client chose by itself.</summary>
    public string? KeyName => Key?.Name;

    /// <summary>The key to call with; <see langword="null"/> where the provider's client chooses by itself.</summary>
    internal ProviderKey? Key { get; init; }

    /// <summary>Who must admit the attempt before its provider is called; <see langword="null"/> if nobody need.</summary>
    internal IAttemptGate? Gate { get; init; }

    /// <summary>When the call began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>From the beginning of the call to its end; zero while it runs.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>From the beginning of the call to its first text, reasoning, tool call or data; <see langword="null"/> if none came.</summary>
    public TimeSpan? TimeToFirstContent { get; private set; }

    /// <summary>How the attempt ended.</summary>
    public AttemptOutcome Outcome { get; private set; }

    /// <summary>Why it failed; <see langword="null"/> unless it did.</summary>
    public RouterException? Failure { get; private set; }

    /// <summary>The model as the provider's answer names it.</summary>
    public string? ServedModel { get; private set; }

    /// <summary>The normalized finish reason; <see langword="null"/> if none arrived.</summary>
    public ChatFinishReason? FinishReason { get; private set; }

    /// <summary>The finish reason in the provider's own words; <see langword="null"/> if none arrived.</summary>
    public string? NativeFinishReason { get; private set; }

    /// <summary>The tokens used; <see langword="null"/> where neither the provider nor an estimate says.</summary>
    public TokenUsage? Usage { get; internal set; }

    /// <summary>What the attempt cost; <see langword="null"/> if it is unpriced or nobody tracks costs.</summary>
    public NanoUsd? Cost { get; internal set; }

    /// <summary>Characters of output received, for estimating tokens where the provider reports none.</summary>
    internal long OutputCharacters { get; private set; }

    /// <summary>Whether the answer came in parts, so that its first content was measured apart from its end.</summary>
    internal bool IsStreamed { get; private set; }

    /// <summary>Whether the answer holds a tool call.</summary>
    internal bool HasToolCalls { get; private set; }

    /// <summary>Whether the answer holds a tool call that could not be read, such as one whose arguments are not JSON.</summary>
    internal bool HasBadToolCall { get; private set; }

    /// <summary>The ids of the tool calls received; <see langword="null"/> if there were none.</summary>
    internal IReadOnlyList<string>? ToolCallIds => _toolCallIds;

    /// <summary>Asks whether the attempt may be made. To be called before its provider is.</summary>
    /// <param name="messages">The messages it sends.</param>
    /// <param name="options">Its own options, which may be narrowed.</param>
    /// <param name="cancellationToken">Cancelled with the attempt.</param>
    /// <exception cref="RouterException">The attempt may not be made.</exception>
    internal ValueTask AdmitAsync(IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken) =>
        Gate is null ? default : Gate.AdmitAsync(this, messages, options, cancellationToken);

    /// <summary>Takes note of a whole answer, unless it comes after the attempt has ended.</summary>
    internal void Observe(ChatResponse response)
    {
        if (Outcome != AttemptOutcome.Running)
            return;

        TimeToFirstContent ??= _time.GetElapsedTime(_started);
        ServedModel = response.ModelId ?? ServedModel;
        _reportedUsage = response.Usage;

        foreach (var message in response.Messages)
        {
            foreach (var content in message.Contents)
                ObserveContent(content);
        }

        ObserveFinish(response.FinishReason, response.AdditionalProperties);
    }

    /// <summary>Takes note of a part of a streamed answer, unless it comes after the attempt has ended, and says whether it is substantive.</summary>
    internal bool Observe(ChatResponseUpdate update)
    {
        var substantive = false;
        if (Outcome != AttemptOutcome.Running)
            return update.Contents.Any(AnswerContent.IsSubstantive);

        // Indexed on purpose: the interface's enumerator would allocate for every update.
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            var content = contents[i];
            if (content is UsageContent usage)
            {
                AddUsage(usage.Details);
            }
            else if (AnswerContent.IsSubstantive(content))
            {
                substantive = true;
                ObserveContent(content);
            }
        }

        IsStreamed = true;
        if (substantive)
            TimeToFirstContent ??= _time.GetElapsedTime(_started);
        if (update.ModelId is { } model)
            ServedModel = model;
        if (update.FinishReason is not null)
            ObserveFinish(update.FinishReason, update.AdditionalProperties);
        return substantive;
    }

    /// <summary>Ends the attempt. The first end counts; later ones change nothing.</summary>
    /// <returns>Whether this call ended it.</returns>
    internal bool End(AttemptOutcome outcome, RouterException? failure = null)
    {
        if (Outcome != AttemptOutcome.Running)
            return false;

        Outcome = outcome;
        Failure = failure;
        Duration = _time.GetElapsedTime(_started);
        if (_reportedUsage is not null)
            Usage = TokenUsage.From(_reportedUsage);
        _observer?.End(this);
        _requestObserver?.End(this);
        return true;
    }

    /// <summary>Ends the attempt after its client threw: as cancelled if the caller wished so, as failed otherwise.</summary>
    internal void Fail(Exception exception, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
            End(AttemptOutcome.Cancelled);
        else
            End(AttemptOutcome.Failed, FailureClassifier.Read(exception, Provider, Endpoint?.Tag));
    }

    private void ObserveContent(AIContent content)
    {
        OutputCharacters += AnswerContent.Length(content);
        if (content is FunctionCallContent call)
        {
            HasToolCalls = true;
            (_toolCallIds ??= []).Add(call.CallId);
            HasBadToolCall |= call.Exception is not null || call.Name.Length == 0;
        }
    }

    private void ObserveFinish(ChatFinishReason? reason, AdditionalPropertiesDictionary? properties)
    {
        FinishReason = reason;
        NativeFinishReason = properties?.TryGetValue(AnswerProperties.NativeFinishReason, out var native) == true
            ? native as string
            : reason?.Value;
    }

    // Several usages in one stream add up, as they do in Microsoft.Extensions.AI; normalization has collapsed cumulative ones.
    private void AddUsage(UsageDetails usage)
    {
        _reportedUsage ??= new UsageDetails();
        _reportedUsage.Add(usage);
    }
}

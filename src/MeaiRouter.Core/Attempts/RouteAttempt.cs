using System.Diagnostics;
using System.Text.Json.Serialization;
using MeaiRouter.Catalog;
using MeaiRouter.Diagnostics;
using MeaiRouter.Keys;
using MeaiRouter.Limits;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Attempts;

/// <summary>One call to one endpoint: when it began, how it ended, what it used and what it cost.</summary>
/// <remarks>Serialized it is a constant: it rides on answers, and other people's caches and histories write those down.</remarks>
[JsonConverter(typeof(ConstantConverter<RouteAttempt>))]
public sealed class RouteAttempt : IRateLimitObserver
{
    private const long None = long.MinValue;

    private readonly TimeProvider _time;
    private readonly object _ending;
    private long _started;
    private readonly IAttemptObserver? _observer;
    private readonly IAttemptObserver? _requestObserver;
    private List<string>? _toolCallIds;
    private UsageDetails? _reportedUsage;
    private bool _isWaiting;
    private long _observedCharacters;
    private long _withheldCharacters;
    private long _latestWithheld;
    private IHeldUntilEnd? _held;
    private RouteAttempt? _repetition;

    // Each attempt has these: without a flag beside each they are as small as can be.
    private long _firstContent = None;
    private long _cost = None;
    private string? _finishReason;

    internal RouteAttempt(
        int index, string provider, Model? model, ModelEndpoint? endpoint, IAttemptObserver? observer, IAttemptObserver? requestObserver,
        TimeProvider time, object? ending = null)
    {
        _ending = ending ?? new object();
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

    /// <summary>Why the attempt was made.</summary>
    public AttemptReason Reason { get; internal init; }

    /// <summary>Whether the provider was called with a key of the caller's own.</summary>
    public bool IsByok => Key is { IsCallers: true };

    /// <summary>The key to call with; <see langword="null"/> where the provider's client chooses by itself.</summary>
    internal ProviderKey? Key { get; init; }

    /// <summary>Who must admit the attempt before its provider is called; <see langword="null"/> if nobody need.</summary>
    internal IAttemptGate? Gate { get; init; }

    /// <summary>The attempt's span; <see langword="null"/> where nobody traces.</summary>
    internal Activity? Activity { get; set; }

    /// <summary>Whether it is for embeddings rather than a conversation.</summary>
    internal bool IsEmbedding { get; init; }

    /// <summary>When the call began, after any wait for room at the endpoint.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>How long the attempt waited for room at the endpoint before its call; part of no other duration.</summary>
    public TimeSpan QueueWait { get; private set; }

    /// <summary>
    /// How long the request waited before the attempt began, for the time the provider had named or for a moment of chance before
    /// trying an endpoint again; zero for every other attempt.
    /// </summary>
    public TimeSpan Backoff { get; internal set; }

    /// <summary>From the beginning of the call to its end; zero while it runs, and if it never got to call.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>From the beginning of the call to its first text, reasoning, tool call or data; <see langword="null"/> if none came.</summary>
    public TimeSpan? TimeToFirstContent => Volatile.Read(ref _firstContent) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>How the attempt ended.</summary>
    public AttemptOutcome Outcome { get; private set; }

    /// <summary>Why it failed; <see langword="null"/> unless it did.</summary>
    public RouterException? Failure { get; private set; }

    /// <summary>The model as the provider's answer names it.</summary>
    public string? ServedModel { get; private set; }

    /// <summary>The normalized finish reason; <see langword="null"/> if none arrived.</summary>
    public ChatFinishReason? FinishReason => _finishReason is { } reason ? new(reason) : null;

    /// <summary>The finish reason in the provider's own words; <see langword="null"/> if none arrived.</summary>
    public string? NativeFinishReason { get; private set; }

    /// <summary>What was taken from the conversation so that it fits the endpoint; <see langword="null"/> if it was sent whole.</summary>
    public ContextCut? ContextCut { get; internal set; }

    /// <summary>Whether the answer was not the JSON that was asked for, and was mended.</summary>
    public bool IsMended { get; internal set; }

    /// <summary>The tokens used; <see langword="null"/> where neither the provider nor an estimate says.</summary>
    public TokenUsage? Usage { get; internal set; }

    /// <summary>
    /// What the attempt cost: the provider's charge, or, with a key of the caller's own, our fee; <see langword="null"/> if it is unpriced or
    /// nobody tracks costs.
    /// </summary>
    public NanoUsd? Cost
    {
        get => _cost == None ? null : new(_cost);
        internal set => _cost = value?.Value ?? None;
    }

    /// <summary>What the caller is charged: the <see cref="Cost"/>, or nothing where it was waived because he got nothing.</summary>
    public NanoUsd? Charge => IsWaived ? NanoUsd.Zero : Cost;

    /// <summary>Whether the caller is not charged for the attempt, because it brought him nothing.</summary>
    public bool IsWaived { get; internal set; }

    /// <summary>
    /// What the provider charges to the caller's own key, apart from <see cref="Cost"/>; <see langword="null"/> unless the attempt was made
    /// with one, and where it is unpriced.
    /// </summary>
    public NanoUsd? UpstreamCost => IsByok && Usage is { } usage ? Price?.CostOf(usage) : null;

    /// <summary>The price that applied, overrides included; <see langword="null"/> if it is unpriced or nobody tracks costs.</summary>
    public Price? Price { get; internal set; }

    /// <summary>What the provider itself says the attempt cost; <see langword="null"/> if it does not say.</summary>
    public ReportedCost? ReportedCost =>
        Outcome != AttemptOutcome.Running && _reportedUsage is not null ? Pricing.ReportedCost.From(_reportedUsage) : null;

    /// <summary>Whether the reported and the computed cost are too far apart.</summary>
    internal bool HasCostDrift { get; set; }

    /// <summary>The service tier that the answer says it was served in; <see langword="null"/> if it does not say.</summary>
    public string? ServiceTier { get; private set; }

    /// <summary>Whether the answer came from a cache, so that nothing was used.</summary>
    public bool IsCacheHit { get; private set; }

    /// <summary>Characters of output received, for estimating tokens where the provider reports none.</summary>
    internal long OutputCharacters => _observedCharacters + Volatile.Read(ref _withheldCharacters);

    /// <summary>When a layer further in last held content back, as a timestamp; 0 if none has.</summary>
    internal long LatestWithheld => Volatile.Read(ref _latestWithheld);

    /// <summary>Whether the answer came in parts, so that its first content was measured apart from its end.</summary>
    internal bool IsStreamed { get; private set; }

    /// <summary>Whether the answer holds a tool call.</summary>
    internal bool HasToolCalls { get; private set; }

    /// <summary>The tools the request offers; <see langword="null"/> if it offers none.</summary>
    internal IList<AITool>? Tools { get; set; }

    /// <summary>Whether the answer holds a tool call that nobody could carry out: arguments that are no JSON, an unknown name, a broken schema.</summary>
    internal bool HasBadToolCall { get; private set; }

    /// <summary>The ids of the tool calls received; <see langword="null"/> if there were none.</summary>
    internal IReadOnlyList<string>? ToolCallIds => _toolCallIds;

    /// <summary>How long its call, and those that repeated it, have been going on; zero while the attempt waits for room.</summary>
    internal TimeSpan SinceFirstCall => Volatile.Read(ref _isWaiting) ? TimeSpan.Zero : _time.GetElapsedTime(Volatile.Read(ref _started));

    /// <summary>Whether the provider can have heard of the attempt.</summary>
    internal bool WasSent =>
        !_isWaiting && Failure?.Kind is not (FailureKind.Saturated or FailureKind.CallerSaturated or FailureKind.CircuitOpen
            or FailureKind.BudgetExceeded or FailureKind.LimitExceeded);

    /// <summary>The last of the attempts made in the place of this one; itself where nobody repeated it.</summary>
    internal RouteAttempt Latest
    {
        get
        {
            var latest = this;
            while (Volatile.Read(ref latest._repetition) is { } repetition)
                latest = repetition;
            return latest;
        }
    }

    /// <summary>Says that the attempt waits for room, which is not the endpoint's own slowness.</summary>
    internal void BeginWait() => Volatile.Write(ref _isWaiting, true);

    /// <summary>Gives the attempt what it holds until it ends, and ends its wait.</summary>
    /// <returns>Whether it holds it; if the attempt has ended meanwhile, it is released already.</returns>
    internal bool HoldUntilEnd(IHeldUntilEnd held)
    {
        lock (_ending)
        {
            if (Outcome == AttemptOutcome.Running)
            {
                EndWait();
                _held = held;
                return true;
            }
        }

        held.Release(this);
        return false;
    }

    /// <summary>Ends the attempt as failed and begins another in its place, which takes over what it holds.</summary>
    /// <returns><see langword="null"/> if the attempt had ended already, so that nothing may follow it.</returns>
    internal RouteAttempt? Repeat(int index, RouterException failure)
    {
        lock (_ending)
        {
            if (Outcome != AttemptOutcome.Running)
                return null;

            var held = _held;
            var tools = Tools;
            _held = null;
            End(AttemptOutcome.Failed, failure);
            var repetition = new RouteAttempt(index, Provider, Model, Endpoint, _observer, _requestObserver, _time, _ending)
            {
                Key = Key,
                Gate = Gate,
                Reason = AttemptReason.Retry,
                IsEmbedding = IsEmbedding,
                Tools = tools,
                _held = held,
            };
            Volatile.Write(ref _repetition, repetition);
            return repetition;
        }
    }

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

        ObserveFirstContent();
        ServedModel = response.ModelId ?? ServedModel;
        ObserveId(response.ResponseId);
        _reportedUsage = response.Usage;

        for (var i = 0; i < response.Messages.Count; i++)
        {
            var contents = response.Messages[i].Contents;
            for (var j = 0; j < contents.Count; j++)
                ObserveContent(contents[j]);
        }

        ObserveFinish(response.FinishReason, response.AdditionalProperties);
        ObserveFacts(response.AdditionalProperties);
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
            ObserveFirstContent();
        if (update.ModelId is { } model)
            ServedModel = model;
        ObserveId(update.ResponseId);
        if (update.FinishReason is not null)
            ObserveFinish(update.FinishReason, update.AdditionalProperties);
        ObserveFacts(update.AdditionalProperties);
        return substantive;
    }

    /// <summary>Takes note of content that has arrived and that a layer further in holds back: the provider is at work, and is paid for it.</summary>
    /// <param name="characters">Characters of generated text.</param>
    internal void Withhold(int characters)
    {
        if (Outcome != AttemptOutcome.Running)
            return;

        ObserveFirstContent();
        Volatile.Write(ref _withheldCharacters, _withheldCharacters + characters);
        Volatile.Write(ref _latestWithheld, _time.GetTimestamp());
    }

    /// <summary>What was held back is handed out, so that it can be observed like everything else.</summary>
    internal void Release(int characters) => Volatile.Write(ref _withheldCharacters, _withheldCharacters - characters);

    void IRateLimitObserver.Observe(RateLimits limits)
    {
        if (Outcome == AttemptOutcome.Running)
            _observer?.Observe(this, limits);
    }

    /// <summary>Ends the attempt, or the one that was made in its place. The first end counts; later ones change nothing.</summary>
    /// <returns>Whether this call ended it.</returns>
    internal bool End(AttemptOutcome outcome, RouterException? failure = null)
    {
        lock (_ending)
        {
            if (_repetition is { } repetition)
                return repetition.End(outcome, failure);
            if (Outcome != AttemptOutcome.Running)
                return false;

            Outcome = outcome;
            Failure = failure;
            if (_isWaiting)
                QueueWait = _time.GetElapsedTime(_started);
            else
                Duration = _time.GetElapsedTime(_started);
            Tools = null;
            _reportedUsage ??= failure?.ReportedUsage;
            if (_reportedUsage is not null && UsageSplit.HasCounts(_reportedUsage))
                Usage = TokenUsage.From(_reportedUsage);
            _observer?.End(this);
            _requestObserver?.End(this);
            _held?.Release(this);
            AttemptTelemetry.End(this);
            return true;
        }
    }

    /// <summary>Ends the attempt after its client threw: as cancelled if the caller wished so, as failed otherwise.</summary>
    internal void Fail(Exception exception, CancellationToken caller)
    {
        if (caller.IsCancellationRequested)
            End(AttemptOutcome.Cancelled);
        else
            End(AttemptOutcome.Failed, FailureClassifier.Read(exception, Provider, Endpoint?.Tag, _time));
    }

    private void EndWait()
    {
        if (!_isWaiting)
            return;

        QueueWait = _time.GetElapsedTime(_started);
        StartedAt = _time.GetUtcNow();
        Volatile.Write(ref _started, _time.GetTimestamp());
        Volatile.Write(ref _isWaiting, false);
    }

    private void ObserveFirstContent()
    {
        if (_firstContent == None)
            Volatile.Write(ref _firstContent, _time.GetElapsedTime(_started).Ticks);
    }

    private void ObserveId(string? id)
    {
        if (Activity is { IsAllDataRequested: true } activity && id is not null && activity.GetTagItem(TelemetryNames.ResponseId) is null)
            activity.SetTag(TelemetryNames.ResponseId, id);
    }

    private void ObserveContent(AIContent content)
    {
        _observedCharacters += AnswerContent.Length(content);
        if (content is FunctionCallContent call)
        {
            HasToolCalls = true;
            (_toolCallIds ??= []).Add(call.CallId);
            HasBadToolCall |= !ToolCallValidity.IsValid(call, Tools);
        }
    }

    private void ObserveFinish(ChatFinishReason? reason, AdditionalPropertiesDictionary? properties)
    {
        _finishReason = reason?.Value;
        NativeFinishReason = properties?.TryGetValue(AnswerProperties.NativeFinishReason, out var native) == true
            ? native as string
            : reason?.Value;
    }

    private void ObserveFacts(AdditionalPropertiesDictionary? facts)
    {
        if (facts is null)
            return;

        if (facts.TryGetValue(AnswerProperties.ServiceTier, out var tier) && tier is string name)
            ServiceTier = name;
        IsCacheHit |= AnswerProperties.IsCacheHit(facts);
    }

    // Several usages in one stream add up, as they do in Microsoft.Extensions.AI; normalization has collapsed cumulative ones.
    private void AddUsage(UsageDetails usage)
    {
        _reportedUsage ??= new UsageDetails();
        _reportedUsage.Add(usage);
    }
}

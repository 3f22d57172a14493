using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Fallback.Continuation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>Tries one endpoint after the other until one answers: the candidates of the route's plan, or a client and its backups.</summary>
/// <remarks>
/// A stream is handed to the caller from its first content on, after a short hold; whatever came before is held back and dropped if the
/// attempt fails. One that breaks later is continued by another attempt where that can be done exactly, and otherwise ends in the typed error,
/// never silently. After a seam the updates keep the ids with which the answer began, and the usage is that of the attempt that
/// finished it; the trace has the seams, and the usage and cost of every attempt. An answer that is empty or ends without a finish reason is a
/// failure. When no attempt answers, a <see cref="RouterException"/> says what each of them died of. The caller's
/// cancellation reaches the provider at once and starts nothing else.
/// </remarks>
public sealed class FallbackChatClient : LayerChatClient, ICatalogUser
{
    private readonly FallbackOptions _options;
    private readonly TimeProvider _time;
    private readonly RaceSettings _settings;
    private readonly bool _leaveOpen;

    /// <summary>Creates the layer for a pipeline with a router outside it, or to guard a single client.</summary>
    /// <param name="innerClient">The client each attempt is made with. It is disposed with the layer.</param>
    /// <param name="options">How often and how long to try; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside, or one that invokes tools.</exception>
    public FallbackChatClient(IChatClient innerClient, FallbackOptions? options = null, TimeProvider? timeProvider = null)
        : this(innerClient, (IChatClient[])[], options, timeProvider, leaveOpen: false)
    {
    }

    /// <summary>Creates the layer around a client and those to turn to when it fails.</summary>
    /// <param name="primary">The client to try first.</param>
    /// <param name="backups">The clients to try next, in order. One with a default model uses that instead of the request's
    /// model. They are in no catalogue: requests under a policy, with a data class or with demands on an endpoint do not go to them.</param>
    /// <param name="options">How often and how long to try; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <param name="leaveOpen">Whether all these clients outlive the layer, as singletons of a service provider do. Default: it disposes them.</param>
    /// <exception cref="ArgumentException">An option is out of range, or a backup is <see langword="null"/>.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside, or one that invokes tools.</exception>
    public FallbackChatClient(
        IChatClient primary, IEnumerable<IChatClient> backups, FallbackOptions? options = null, TimeProvider? timeProvider = null, bool leaveOpen = false)
        : this(primary, Listed(backups), options, timeProvider, leaveOpen)
    {
    }

    private FallbackChatClient(IChatClient primary, IChatClient[] backups, FallbackOptions? options, TimeProvider? timeProvider, bool leaveOpen)
        : base(primary, mayWrapPipelines: backups.Length > 0)
    {
        foreach (var client in (IChatClient[])[primary, .. backups])
            ForeignLayers.RefuseToolInvokerInside(this, client);
        _leaveOpen = leaveOpen;
        _options = (options ?? new FallbackOptions()).Validated();
        _time = timeProvider ?? TimeProvider.System;
        _settings = new RaceSettings(
            NamedClient.Of(primary, "primary", _time), [.. backups.Select((client, i) => NamedClient.Of(client, $"backup {i + 1}", _time))], _options, _time, options?.Predecessor?._settings);
    }

    private protected override PipelineStage Stage => PipelineStage.Fallback;

    private protected override TimeProvider Clock => _time;

    private protected override string Settings => _options.ToText();

    private protected override IEnumerable<KeyValuePair<string, IChatClient>> Branches =>
        _settings.Backups.Select(static (backup, i) => KeyValuePair.Create($"backup {i + 1}", backup.Client));

    void ICatalogUser.Check(ModelCatalog catalog, IReadOnlyList<string> providers) => _settings.Access.Check(catalog, providers);

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        // What one of several clients offers, such as a tool-invoking layer, must not be mistaken for what all of them offer.
        var isCommon = serviceKey is null && (serviceType.IsInstanceOfType(this)
            || serviceType == typeof(ChatClientMetadata) || serviceType.Assembly == typeof(FallbackChatClient).Assembly);
        return isCommon || _settings.Backups.Length == 0 ? base.GetService(serviceType, serviceKey) : null;
    }

    private protected override bool LeavesOpen => _leaveOpen;

    private protected override void DisposeOwn() => _settings.Access.Dispose();

    private protected override void DisposeOthers()
    {
        foreach (var backup in _settings.Backups)
            backup.Client.Dispose();
    }

    private protected override Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        return Race<ChatResponse>(context, messages, options, streaming: false, cancellationToken).AnswerAsync(OpenAsync);

        Task<ChatResponse> OpenAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) => _settings.Access.IsFree(attempt)
            ? CallAsync(client, attempt, token)
            : _settings.Access.OpenAsync(context, options, client, attempt, CallAsync, token);

        async Task<ChatResponse> CallAsync(IChatClient client, RouteAttempt attempt, CancellationToken token)
        {
            var own = OptionsFor(client, context, options, attempt);
            AttemptTelemetry.Enter(attempt, client, own, isStreamed: false);
            await attempt.AdmitAsync(messages, own, token).ConfigureAwait(false);
            var response = await client.GetResponseAsync(messages, own, token).ConfigureAwait(false);
            attempt.Observe(response);
            AnswerCheck.Verify(response, _options.RequireFinishReason);
            return response;
        }
    }

    private protected override async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var hold = new HoldWindow(_time, _options.Hold, _options.HoldCharacters, _options.Idle);
        using var race = Race<OpenedStream>(context, messages, options, streaming: true, cancellationToken);
        using var handover = new Handover(context);
        var rule = new ContinuationRule(_options.RestartBroken, _options.AllowPrefill, messages, options);
        Prefix? prefix = null;
        RouterException? broken = null;

        var winner = await race.RunAsync(OpenAsync).ConfigureAwait(false);
        handover.Begin(winner.Attempt, records: rule.AllowsAny && race.HasNext);
        while (true)
        {
            var attempt = winner.Attempt;
            var stream = await winner.Task.ConfigureAwait(false);
            using var cancellation = winner.Cancellation;
            using var request = race.CancelWithRequest(winner);
            using var watchdog = new IdleWatchdog(_options.Idle, cancellation, attempt, _time);
            Exception? failure = null;

            try
            {
                foreach (var update in stream.Held)
                {
                    handover.Accept(update);
                    while (handover.Next() is { } shown)
                        yield return shown;
                }

                while (!stream.Ended && handover.Difference is null)
                {
                    try
                    {
                        AttemptTelemetry.Reenter(attempt);
                        var next = stream.MoveNextAsync();
                        if (!next.IsCompleted)
                            watchdog.Wait();
                        if (!await next.ConfigureAwait(false))
                            break;
                        AnswerCheck.RejectErrors(stream.Current);
                        if (attempt.Observe(stream.Current))
                            watchdog.Rest();
                        else
                            watchdog.Pause();
                    }
                    catch (Exception) when (cancellationToken.IsCancellationRequested)
                    {
                        throw new OperationCanceledException(cancellationToken);
                    }
                    catch (Exception) when (attempt.FinishReason is not null)
                    {
                        // The answer is whole; only what a provider sends after it is missing.
                        break;
                    }
                    catch (Exception exception)
                    {
                        failure = exception;
                        break;
                    }

                    handover.Accept(stream.Current);
                    while (handover.Next() is { } shown)
                        yield return shown;
                }

                if (failure is null && attempt.FinishReason is null && handover.Difference is null)
                {
                    // Some clients take a cancellation for the end of the answer.
                    cancellationToken.ThrowIfCancellationRequested();
                    if (_options.RequireFinishReason || race.DeadlinePassed || watchdog.Fired)
                        failure = AnswerCheck.Unfinished();
                }

                if (failure is null)
                    handover.Complete();
                if (failure is null && handover.Difference is null)
                {
                    attempt.End(AttemptOutcome.Answered);
                    while (handover.Next() is { } shown)
                        yield return shown;
                    yield break;
                }

                Break(attempt, failure, handover, race.DeadlinePassed, watchdog.Fired);
            }
            finally
            {
                // Reached without an end only where the caller cancelled or stopped reading.
                attempt.End(AttemptOutcome.Cancelled);

                // Without it a client may first read to its end the stream that nobody wants any more.
                if (attempt.Outcome != AttemptOutcome.Answered)
                    await cancellation.CancelAsync().ConfigureAwait(false);
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            if (handover.IsWriting)
                broken = attempt.Failure!;
            if (handover.Difference is not null)
                rule.RestartDiffered();
            prefix = PrefixToContinue(race, handover, rule, attempt.Failure!)
                ?? throw NotContinued(context, handover, broken!);
            winner = await ContinueAsync(race, ReopenAsync, context, broken!).ConfigureAwait(false);
            handover.Begin(winner.Attempt, JointAt(winner.Attempt), prefix);
        }

        Task<OpenedStream> OpenAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) => _settings.Access.IsFree(attempt)
            ? CallAsync(client, attempt, token)
            : _settings.Access.OpenAsync(context, options, client, attempt, CallAsync, token);

        // Where nobody is left to turn to, holding back would only cost time.
        Task<OpenedStream> CallAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) => OpenedStream.OpenAsync(
            client, attempt, messages, OptionsFor(client, context, options, attempt), race.HasNext ? hold : hold.Closed, mayBeEmpty: false,
            _options.RequireFinishReason, token);

        Task<OpenedStream> ReopenAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) => _settings.Access.IsFree(attempt)
            ? CallAgainAsync(client, attempt, token)
            : _settings.Access.OpenAsync(context, options, client, attempt, CallAgainAsync, token);

        Task<OpenedStream> CallAgainAsync(IChatClient client, RouteAttempt attempt, CancellationToken token)
        {
            var own = OptionsFor(client, context, options, attempt);
            return rule.WayAt(attempt.Endpoint, prefix!) == SeamWay.Prefill
                ? OpenedStream.OpenPrefilledAsync(
                    client, attempt, PrefillJoint.Messages(messages, prefix!), own, hold.Closed, _options.RequireFinishReason, token)
                : OpenedStream.OpenAsync(client, attempt, messages, own, hold.Closed, mayBeEmpty: false, _options.RequireFinishReason, token);
        }

        IJoint JointAt(RouteAttempt attempt) =>
            rule.WayAt(attempt.Endpoint, prefix!) == SeamWay.Prefill ? new PrefillJoint(prefix!) : new RestartJoint(prefix!);
    }

    /// <summary>What the next attempt is to continue; <see langword="null"/> if none may.</summary>
    private Prefix? PrefixToContinue(AttemptRace<OpenedStream> race, Handover handover, ContinuationRule rule, RouterException failure)
    {
        if (handover.Delivered is not { Obstacle: null } delivered || _options.ConsequencesOf(failure.Kind).Elsewhere != RetryElsewhere.Always)
            return null;

        var prefix = delivered.ToPrefix();
        if (rule.NeedsPrefill(prefix) is not { } needsPrefill)
            return null;
        if (needsPrefill)
            race.RequirePrefill();
        return race.HasNext ? prefix : null;
    }

    private async Task<Entrant<OpenedStream>> ContinueAsync(
        AttemptRace<OpenedStream> race, Func<IChatClient, RouteAttempt, CancellationToken, Task<OpenedStream>> open, RouteContext context,
        RouterException broken)
    {
        race.IsContinuing = true;
        try
        {
            return await race.RunAsync(open).ConfigureAwait(false);
        }
        catch (RouterException)
        {
            _options.TellFailover(context, null, isContinuation: true);
            throw RequestFailure.From(race.DeadlinePassed ? FailureKind.DeadlineExceeded : broken.Kind, broken.Message, context.Attempts, context.Plan);
        }
    }

    private RouterException NotContinued(RouteContext context, Handover handover, RouterException broken)
    {
        _options.TellFailover(context, null, isContinuation: true);
        var obstacle = handover.Delivered?.Obstacle;
        var message = obstacle is null ? broken.Message : $"{broken.Message} Nobody else can go on, because the caller already has {obstacle}.";
        return RequestFailure.From(broken.Kind, message, context.Attempts, context.Plan);
    }

    /// <summary>Ends an attempt that broke after the caller had seen part of an answer, or that was to continue one and did not.</summary>
    private void Break(RouteAttempt attempt, Exception? exception, Handover handover, bool deadlinePassed, bool stalled)
    {
        var delivered = handover.Delivered?.Characters ?? attempt.OutputCharacters;
        exception ??= new RouterException(FailureKind.ContinuationFailed, handover.Difference!);
        var read = FailureClassifier.Read(exception, attempt.Provider, attempt.Endpoint?.Tag, _time);
        var (kind, reason) = (deadlinePassed, stalled, read.Kind) switch
        {
            (true, _, _) => (FailureKind.DeadlineExceeded, "The deadline of the whole request passed."),
            (_, true, _) => (FailureKind.Stalled, $"No further content within {_options.Idle.TotalSeconds:0.###} s."),
            (_, _, FailureKind.ConnectionFailed) => (FailureKind.Truncated, read.Message),
            _ => (read.Kind, read.Message),
        };

        handover.Break();
        var message = handover.IsWriting ? $"The stream broke after {delivered} characters had been delivered. {reason}" : reason;
        attempt.End(AttemptOutcome.Failed, read.As(kind, message));
    }

    private AttemptRace<T> Race<T>(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool streaming, CancellationToken cancellationToken)
        where T : class
    {
        if (_settings.Backups.Length > 0)
            KeptConversation.CheckBackups(context, options);
        return new(_settings, context, messages, options, streaming, cancellationToken);
    }

    private ChatOptions OptionsFor(IChatClient client, RouteContext context, ChatOptions options, RouteAttempt attempt)
    {
        if (ReferenceEquals(client, InnerClient))
            return Inwards(context.AttachTo(options, attempt, IsUnbrokenInwards));

        var own = RouteContext.DetachFrom(options, forPipeline: client.GetService(typeof(IPipelineLayer)) is not null);
        if (client.GetService<ChatClientMetadata>()?.DefaultModelId is not null)
            own.ModelId = null;
        return own;
    }

    private static IChatClient[] Listed(IEnumerable<IChatClient> backups)
    {
        ArgumentNullException.ThrowIfNull(backups);

        IChatClient[] listed = [.. backups];
        return Array.IndexOf(listed, null) is var place and >= 0
            ? throw new ArgumentException($"The backup at index {place} is null. Every backup must be a client.", nameof(backups))
            : listed;
    }
}

using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>Tries one endpoint after the other until one answers: the candidates of the route's plan, or a client and its backups.</summary>
/// <remarks>
/// A stream is handed to the caller from its first content on; whatever came before is held back and dropped if the attempt fails. An
/// answer that is empty or ends without a finish reason is a failure. When no attempt answers, a <see cref="RouterException"/> says what
/// each of them died of. The caller's cancellation reaches the provider at once and starts nothing else.
/// </remarks>
public sealed class FallbackChatClient : LayerChatClient
{
    private readonly FallbackOptions _options;
    private readonly TimeProvider _time;
    private readonly Backup[] _backups;
    private readonly string _primaryName;

    /// <summary>Creates the layer for a pipeline with a router outside it, or to guard a single client.</summary>
    /// <param name="innerClient">The client each attempt is made with.</param>
    /// <param name="options">How often and how long to try; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public FallbackChatClient(IChatClient innerClient, FallbackOptions? options = null, TimeProvider? timeProvider = null)
        : this(innerClient, (IChatClient[])[], options, timeProvider)
    {
    }

    /// <summary>Creates the layer around a client and those to turn to when it fails. It disposes all of them.</summary>
    /// <param name="primary">The client to try first.</param>
    /// <param name="backups">The clients to try next, in order. One with a default model uses that instead of the request's
    /// model. They are in no catalogue: requests under a policy, with a data class or with demands on an endpoint do not go to them.</param>
    /// <param name="options">How often and how long to try; <see langword="null"/> for the defaults. Copied.</param>
    /// <param name="timeProvider">The clock; <see langword="null"/> for the system's.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A layer that belongs outside this one is inside.</exception>
    public FallbackChatClient(
        IChatClient primary, IEnumerable<IChatClient> backups, FallbackOptions? options = null, TimeProvider? timeProvider = null)
        : this(primary, [.. backups], options, timeProvider)
    {
    }

    private FallbackChatClient(IChatClient primary, IChatClient[] backups, FallbackOptions? options, TimeProvider? timeProvider)
        : base(primary, mayWrapPipelines: backups.Length > 0)
    {
        _options = (options ?? new FallbackOptions()).Validated();
        _time = timeProvider ?? TimeProvider.System;
        _backups = [.. backups.Select(Backup.Of)];
        _primaryName = Backup.NameOf(primary) ?? "primary";
    }

    private protected override PipelineStage Stage => PipelineStage.Fallback;

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        // What one of several clients offers, such as a tool-invoking layer, must not be mistaken for what all of them offer.
        var isCommon = serviceKey is null && (serviceType.IsInstanceOfType(this)
            || serviceType == typeof(ChatClientMetadata) || serviceType.Assembly == typeof(FallbackChatClient).Assembly);
        return isCommon || _backups.Length == 0 ? base.GetService(serviceType, serviceKey) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        foreach (var backup in _backups)
            backup.Client.Dispose();
    }

    private protected override async Task<ChatResponse> RespondAsync(
        RouteContext context, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        using var race = Race(context, OpenAsync, streaming: false, cancellationToken);
        var winner = await race.RunAsync().ConfigureAwait(false);
        winner.Cancellation.Dispose();
        winner.Attempt.End(AttemptOutcome.Answered);
        return await winner.Task.ConfigureAwait(false);

        async Task<ChatResponse> OpenAsync(IChatClient client, RouteAttempt attempt, CancellationToken token)
        {
            var own = OptionsFor(client, context, options, attempt);
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
        using var race = Race(context, OpenAsync, streaming: true, cancellationToken);
        var winner = await race.RunAsync().ConfigureAwait(false);
        var attempt = winner.Attempt;
        var stream = await winner.Task.ConfigureAwait(false);
        using var cancellation = winner.Cancellation;
        using var watchdog = new IdleWatchdog(_options.Idle, cancellation, _time);

        try
        {
            foreach (var update in stream.Held)
                yield return update;

            while (!stream.Ended)
            {
                try
                {
                    var next = stream.Rest.MoveNextAsync();
                    if (!next.IsCompleted)
                        watchdog.Wait();
                    if (!await next.ConfigureAwait(false))
                        break;
                    AnswerCheck.RejectErrors(stream.Rest.Current);
                    if (attempt.Observe(stream.Rest.Current))
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
                    throw Broken(context, attempt, exception, race.DeadlinePassed, watchdog.Fired);
                }

                yield return stream.Rest.Current;
            }

            if (attempt.FinishReason is null)
            {
                // Some clients take a cancellation for the end of the answer.
                cancellationToken.ThrowIfCancellationRequested();
                if (_options.RequireFinishReason || race.DeadlinePassed || watchdog.Fired)
                    throw Broken(context, attempt, AnswerCheck.Unfinished(), race.DeadlinePassed, watchdog.Fired);
            }

            attempt.End(AttemptOutcome.Answered);
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

        Task<OpenedStream> OpenAsync(IChatClient client, RouteAttempt attempt, CancellationToken token) => OpenedStream.OpenAsync(
            client, attempt, messages, OptionsFor(client, context, options, attempt), _options.RequireFinishReason, token);
    }

    /// <summary>Ends an attempt that broke after the caller had seen part of its answer, which no other endpoint can take back.</summary>
    private RouterException Broken(RouteContext context, RouteAttempt attempt, Exception exception, bool deadlinePassed, bool stalled)
    {
        var read = FailureClassifier.Read(exception, attempt.Provider, attempt.Endpoint?.Tag);
        var (kind, reason) = (deadlinePassed, stalled, read.Kind) switch
        {
            (true, _, _) => (FailureKind.DeadlineExceeded, "The deadline of the whole request passed."),
            (_, true, _) => (FailureKind.Stalled, $"No further content within {_options.Idle.TotalSeconds:0.###} s."),
            (_, _, FailureKind.ConnectionFailed) => (FailureKind.Truncated, read.Message),
            _ => (read.Kind, read.Message),
        };

        var message = $"The stream broke after {attempt.OutputCharacters} characters had been delivered. {reason}";
        attempt.End(AttemptOutcome.Failed, new RouterException(kind, message, exception)
        {
            Status = read.Status,
            Provider = read.Provider,
            Endpoint = read.Endpoint,
            ProviderCode = read.ProviderCode,
            RequestId = read.RequestId,
            RetryAfter = read.RetryAfter,
        });
        return RequestFailure.From(kind, message, context.Attempts);
    }

    private AttemptRace<T> Race<T>(
        RouteContext context, Func<IChatClient, RouteAttempt, CancellationToken, Task<T>> open, bool streaming, CancellationToken cancellationToken)
        where T : class
    {
        var alternatives = new Alternatives(InnerClient, _backups, context, _options.MaxAttempts);
        return new AttemptRace<T>(
            context, alternatives, _primaryName, open, _options.SoftDeadline(streaming), _options.Total, _time, cancellationToken);
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
}

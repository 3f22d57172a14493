using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>A stream that has shown content, with what came before it and in the hold window held back until the caller may see it.</summary>
internal sealed class OpenedStream : IAsyncDisposable
{
    private readonly CancellableEnumerator<ChatResponseUpdate> _updates;
    private readonly List<ChatResponseUpdate> _held = new(2);
    private Task<bool>? _awaited;

    private OpenedStream(CancellableEnumerator<ChatResponseUpdate> updates) => _updates = updates;

    /// <summary>The updates up to and including the first with content, and those of the hold window; all of them if the stream has ended.</summary>
    public List<ChatResponseUpdate> Held => _held;

    /// <summary>Whether everything there is has been read.</summary>
    public bool Ended { get; private set; }

    /// <summary>The update last moved to.</summary>
    public ChatResponseUpdate Current => _updates.Current;

    /// <summary>Moves to what follows.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (_awaited is not { } awaited)
            return _updates.MoveNextAsync();

        _awaited = null;
        return new(awaited);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _updates.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The answer is whole or has failed already; how its stream takes the end changes neither.
        }
    }

    /// <summary>
    /// Reads up to the first content: text, reasoning, a tool call or data. Roles, ids and empty updates do not commit. Reads on while the
    /// hold window is open and the answer is not whole. An answer that continues another may be empty.
    /// </summary>
    public static async Task<OpenedStream> OpenAsync(
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, HoldWindow hold, bool mayBeEmpty,
        bool requireFinishReason, CancellationToken cancellationToken)
    {
        AttemptTelemetry.Enter(attempt, client, options, isStreamed: true);
        await attempt.AdmitAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var updates = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var stream = new OpenedStream(new(updates, cancellationToken));
        try
        {
            var substantive = false;
            while (!substantive)
            {
                // Where a layer further in holds content back, only the attempt knows how long ago the last one came.
                var next = stream._updates.MoveNextAsync();
                var isWatched = !next.IsCompleted && attempt.LatestWithheld != 0;
                var moved = isWatched
                    ? await stream.WaitAsync(next.AsTask(), attempt, hold, opened: null, attempt.LatestWithheld).ConfigureAwait(false)
                    : await next.ConfigureAwait(false);
                if (moved is false)
                {
                    stream.End(attempt, mayBeEmpty, requireFinishReason);
                    return stream;
                }

                substantive = stream.Keep(attempt);
            }

            await stream.HoldAsync(attempt, hold, requireFinishReason).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens an answer that continues the last message, which is ours.</summary>
    public static async Task<OpenedStream> OpenPrefilledAsync(
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, HoldWindow closed,
        bool requireFinishReason, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(
                client, attempt, messages, options, closed, mayBeEmpty: true, requireFinishReason, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            FailureClassifier.Read(exception, attempt.Provider, attempt.Endpoint?.Tag) is { Kind: FailureKind.InvalidRequest } refusal)
        {
            // The caller's own request was fine; it is the last message, which is ours, that this endpoint does not take.
            throw new RouterException(FailureKind.ContinuationFailed, $"The endpoint refused to continue an answer. {refusal.Message}", exception)
            {
                Status = refusal.Status,
                ProviderCode = refusal.ProviderCode,
                RequestId = refusal.RequestId,
            };
        }
    }

    private async ValueTask HoldAsync(RouteAttempt attempt, HoldWindow hold, bool requireFinishReason)
    {
        if (!hold.IsOpen(attempt.OutputCharacters))
            return;

        var first = hold.Time.GetTimestamp();
        var latest = first;
        while (attempt.FinishReason is null && hold.IsOpen(attempt.OutputCharacters) && hold.Left(first) != TimeSpan.Zero)
        {
            var next = _updates.MoveNextAsync();
            var moved = next.IsCompleted
                ? await next.ConfigureAwait(false)
                : await WaitAsync(next.AsTask(), attempt, hold, first, latest).ConfigureAwait(false);
            if (moved is null)
                return;
            if (moved is false)
            {
                End(attempt, substantive: true, requireFinishReason);
                return;
            }

            if (Keep(attempt) && hold.MayStall)
                latest = hold.Time.GetTimestamp();
        }
    }

    /// <summary>Waits no longer than the window is open, and no longer for content than a stream may be silent.</summary>
    /// <param name="next">The next update.</param>
    /// <param name="attempt">The attempt, which knows of content that is held back further in.</param>
    /// <param name="hold">The window.</param>
    /// <param name="opened">When the window opened; <see langword="null"/> if there is none to wait for.</param>
    /// <param name="latest">When the latest content came.</param>
    /// <returns>Whether there is a next update; <see langword="null"/> if the window closed first.</returns>
    private async Task<bool?> WaitAsync(Task<bool> next, RouteAttempt attempt, HoldWindow hold, long? opened, long latest)
    {
        while (true)
        {
            latest = Math.Max(latest, attempt.LatestWithheld);
            var left = opened is { } since ? hold.Left(since) : Timeout.InfiniteTimeSpan;
            var idle = hold.IdleLeft(latest);
            var isIdleFirst = idle != Timeout.InfiniteTimeSpan && (left == Timeout.InfiniteTimeSpan || idle < left);
            await ((Task)next).WaitAsync(isIdleFirst ? idle : left, hold.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (next.IsCompleted)
                return await next.ConfigureAwait(false);

            if (!isIdleFirst)
            {
                _awaited = next;
                return null;
            }

            if (attempt.LatestWithheld <= latest)
                throw new RouterException(FailureKind.Stalled, $"No further content within {hold.Idle.TotalSeconds:0.###} s.");
        }
    }

    private bool Keep(RouteAttempt attempt)
    {
        var update = _updates.Current;
        _held.Add(update);
        AnswerCheck.RejectErrors(update);
        return attempt.Observe(update);
    }

    private void End(RouteAttempt attempt, bool substantive, bool requireFinishReason)
    {
        AnswerCheck.VerifyEnd(attempt.FinishReason, substantive, requireFinishReason);
        Ended = true;
    }
}

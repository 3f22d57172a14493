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
        await attempt.AdmitAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var updates = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var stream = new OpenedStream(new(updates, cancellationToken));
        try
        {
            var substantive = false;
            while (!substantive)
            {
                if (!await stream._updates.MoveNextAsync().ConfigureAwait(false))
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
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool requireFinishReason,
        CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(
                client, attempt, messages, options, HoldWindow.None, mayBeEmpty: true, requireFinishReason, cancellationToken).ConfigureAwait(false);
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
        while (attempt.FinishReason is null && hold.IsOpen(attempt.OutputCharacters) && hold.Left(first) is var left && left != TimeSpan.Zero)
        {
            var next = _updates.MoveNextAsync();
            var moved = next.IsCompleted ? await next.ConfigureAwait(false) : await WaitAsync(next.AsTask(), hold, left, latest).ConfigureAwait(false);
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

    /// <summary>Waits no longer than the window is open.</summary>
    /// <returns>Whether there is a next update; <see langword="null"/> if the window closed first.</returns>
    private async Task<bool?> WaitAsync(Task<bool> next, HoldWindow hold, TimeSpan left, long latest)
    {
        var idle = hold.IdleLeft(latest);
        var isIdleFirst = idle != Timeout.InfiniteTimeSpan && (left == Timeout.InfiniteTimeSpan || idle < left);
        await ((Task)next).WaitAsync(isIdleFirst ? idle : left, hold.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (next.IsCompleted)
            return await next.ConfigureAwait(false);
        if (isIdleFirst)
            throw new RouterException(FailureKind.Stalled, $"No further content within {hold.Idle.TotalSeconds:0.###} s.");

        _awaited = next;
        return null;
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

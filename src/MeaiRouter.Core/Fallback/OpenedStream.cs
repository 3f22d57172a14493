using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Fallback;

/// <summary>A stream that has shown content, with what came before it held back until the caller may see it.</summary>
internal sealed class OpenedStream(CancellableEnumerator<ChatResponseUpdate> updates, List<ChatResponseUpdate> held, bool ended) : IAsyncDisposable
{
    /// <summary>The updates up to and including the first with content; all of them if the stream has ended.</summary>
    public List<ChatResponseUpdate> Held => held;

    /// <summary>Whether everything there is has been read.</summary>
    public bool Ended => ended;

    /// <summary>What follows.</summary>
    public CancellableEnumerator<ChatResponseUpdate> Rest => updates;

    public ValueTask DisposeAsync() => updates.DisposeAsync();

    /// <summary>Reads up to the first content: text, reasoning, a tool call or data. Roles, ids and empty updates do not commit.</summary>
    public static async Task<OpenedStream> OpenAsync(
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, bool requireFinishReason,
        CancellationToken cancellationToken)
    {
        await attempt.AdmitAsync(messages, options, cancellationToken).ConfigureAwait(false);
        var updates = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            var held = new List<ChatResponseUpdate>(2);
            while (await updates.MoveNextAsync().ConfigureAwait(false))
            {
                var update = updates.Current;
                held.Add(update);
                AnswerCheck.RejectErrors(update);
                if (attempt.Observe(update))
                    return new OpenedStream(new(updates, cancellationToken), held, ended: false);
            }

            AnswerCheck.VerifyEnd(attempt.FinishReason, substantive: false, requireFinishReason);
            return new OpenedStream(new(updates, cancellationToken), held, ended: true);
        }
        catch
        {
            await updates.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

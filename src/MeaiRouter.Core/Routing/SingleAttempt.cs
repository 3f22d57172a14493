using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>The one attempt of a pipeline without a fallback layer: observed and ended, its answer and its exceptions passed on as they are.</summary>
internal static class SingleAttempt
{
    public static async Task<ChatResponse> RespondAsync(
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        try
        {
            AttemptTelemetry.Enter(attempt, client, options, isStreamed: false);
            await attempt.AdmitAsync(messages, options, cancellationToken).ConfigureAwait(false);
            var response = await client.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            attempt.Observe(response);
            attempt.End(AttemptOutcome.Answered);
            return response;
        }
        catch (Exception exception)
        {
            attempt.Fail(exception, cancellationToken);
            throw;
        }
    }

    public static async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(
        IChatClient client, RouteAttempt attempt, IReadOnlyList<ChatMessage> messages, ChatOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerator<ChatResponseUpdate> updates;
        try
        {
            AttemptTelemetry.Enter(attempt, client, options, isStreamed: true);
            await attempt.AdmitAsync(messages, options, cancellationToken).ConfigureAwait(false);
            updates = client.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        }
        catch (Exception exception)
        {
            // Some clients refuse before they stream.
            attempt.Fail(exception, cancellationToken);
            throw;
        }

        try
        {
            while (true)
            {
                try
                {
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                        break;
                }
                catch (Exception exception)
                {
                    attempt.Fail(exception, cancellationToken);
                    throw;
                }

                attempt.Observe(updates.Current);
                yield return updates.Current;
                AttemptTelemetry.Reenter(attempt);
            }

            attempt.End(AttemptOutcome.Answered);
        }
        finally
        {
            // Reached without an end only where the caller stopped reading.
            attempt.End(AttemptOutcome.Cancelled);
            await updates.DisposeAsync().ConfigureAwait(false);
        }
    }
}

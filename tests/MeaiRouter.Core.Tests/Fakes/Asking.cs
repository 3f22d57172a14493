using MeaiRouter.Attempts;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

internal static class Asking
{
    // Far longer than any test takes; it only turns a hang into a failure.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    /// <summary>Asks in either mode; a stream is combined as Microsoft.Extensions.AI does.</summary>
    public static Task<ChatResponse> AskAsync(
        this IChatClient client, bool streaming, ChatOptions? options = null, CancellationToken token = default)
    {
        List<ChatMessage> messages = [new(ChatRole.User, "Hi there")];
        return (streaming
            ? client.GetStreamingResponseAsync(messages, options, token).ToChatResponseAsync(CancellationToken.None)
            : client.GetResponseAsync(messages, options, token)).Soon();
    }

    /// <summary>Asks and expects the one exception of the library.</summary>
    public static Task<RouterException> AskInVainAsync(this IChatClient client, bool streaming, ChatOptions? options = null) =>
        Assert.ThrowsAsync<RouterException>(() => client.AskAsync(streaming, options));

    /// <summary>Reads a stream to its end; what was delivered survives the exception it ends with.</summary>
    public static async Task<(List<ChatResponseUpdate> Updates, Exception? Exception)> ReadAsync(
        this IChatClient client, ChatOptions? options = null, Func<ChatResponseUpdate, Task>? seen = null, CancellationToken token = default)
    {
        var updates = new List<ChatResponseUpdate>();
        var stream = client.GetStreamingResponseAsync([new(ChatRole.User, "Hi there")], options, token).GetAsyncEnumerator(CancellationToken.None);
        try
        {
            while (await stream.MoveNextAsync().AsTask().Soon())
            {
                updates.Add(stream.Current);
                if (seen is not null)
                    await seen(stream.Current);
            }

            return (updates, null);
        }
        catch (Exception exception)
        {
            return (updates, exception);
        }
        finally
        {
            await stream.DisposeAsync().AsTask().Soon();
        }
    }

    public static string Text(this IEnumerable<ChatResponseUpdate> updates) => string.Concat(updates.Select(update => update.Text));

    /// <summary>Each attempt as <c>provider outcome kind</c>.</summary>
    public static string[] Told(this IEnumerable<RouteAttempt> attempts) =>
        [.. attempts.Select(attempt => $"{attempt.Provider} {attempt.Outcome} {attempt.Failure?.Kind}".TrimEnd())];

    public static RouteTrace Trace(this ChatResponse response)
    {
        var trace = response.GetRouteTrace();
        Assert.NotNull(trace);
        return trace;
    }
}

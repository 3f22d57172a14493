using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Microsoft.Extensions.AI;

/// <summary>A layer made of one callback around both modes; the callback sees the request and calls on, never the response.</summary>
internal sealed class SharedCallbackChatClient(
    IChatClient innerClient,
    Func<IEnumerable<ChatMessage>, ChatOptions?, Func<IEnumerable<ChatMessage>, ChatOptions?, CancellationToken, Task>, CancellationToken, Task> callback)
    : DelegatingChatClient(innerClient)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        ChatResponse? response = null;
        await callback(messages, options, async (m, o, ct) => response = await InnerClient.GetResponseAsync(m, o, ct), cancellationToken);

        return response ?? throw new InvalidOperationException("The callback completed without calling the next client.");
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        // The callback awaits the whole stream while our caller pulls it, so the updates cross over through a channel of one.
        var updates = Channel.CreateBounded<ChatResponseUpdate>(1);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunCallbackAsync(messages, options, updates.Writer, abandoned.Token);

        try
        {
            await foreach (var update in updates.Reader.ReadAllAsync(cancellationToken))
                yield return update;
        }
        finally
        {
            await abandoned.CancelAsync();
            await running;
        }
    }

    private async Task RunCallbackAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, ChannelWriter<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            await callback(messages, options, ForwardAsync, cancellationToken);
            updates.Complete();
        }
        catch (Exception failure)
        {
            updates.Complete(failure);
        }

        async Task ForwardAsync(IEnumerable<ChatMessage> m, ChatOptions? o, CancellationToken ct)
        {
            await foreach (var update in InnerClient.GetStreamingResponseAsync(m, o, ct).WithCancellation(cancellationToken))
                await updates.WriteAsync(update, cancellationToken);
        }
    }
}

using System.Runtime.CompilerServices;

// Microsoft's own layers go by these names; these stand for them where only the name and the place count.
namespace Microsoft.Extensions.AI;

/// <summary>Answers the second time from what was said the first time, usage and all.</summary>
internal class DistributedCachingChatClient(IChatClient inner) : DelegatingChatClient(inner);

/// <summary>Calls the next client once more for every tool call, here always once more.</summary>
internal class FunctionInvokingChatClient(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await base.GetResponseAsync(messages, options?.Clone(), cancellationToken);
        return await base.GetResponseAsync(messages, options?.Clone(), cancellationToken);
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var turn = 0; turn < 2; turn++)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options?.Clone(), cancellationToken))
            {
                if (turn == 1)
                    yield return update;
            }
        }
    }
}

namespace Microsoft.Extensions.AI;

/// <summary>A layer made of callbacks; the mode without a callback is derived from the other one.</summary>
internal sealed class CallbackChatClient(
    IChatClient innerClient,
    Func<IEnumerable<ChatMessage>, ChatOptions?, IChatClient, CancellationToken, Task<ChatResponse>>? getResponse,
    Func<IEnumerable<ChatMessage>, ChatOptions?, IChatClient, CancellationToken, IAsyncEnumerable<ChatResponseUpdate>>? getStreamingResponse)
    : DelegatingChatClient(innerClient)
{
    public override Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        return getResponse is not null
            ? getResponse(messages, options, InnerClient, cancellationToken)
            : getStreamingResponse!(messages, options, InnerClient, cancellationToken).ToChatResponseAsync(cancellationToken);
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);

        return getStreamingResponse is not null
            ? getStreamingResponse(messages, options, InnerClient, cancellationToken)
            : UpdatesOf(getResponse!(messages, options, InnerClient, cancellationToken));
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> UpdatesOf(Task<ChatResponse> response)
    {
        foreach (var update in (await response).ToChatResponseUpdates())
            yield return update;
    }
}

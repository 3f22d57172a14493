using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Samples.BringYourOwnClient;

/// <summary>A model of your own: all that a router asks of it is an answer, a finish reason, and what it used.</summary>
internal sealed class PhraseBook : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hei! (phrase book)"))
        {
            FinishReason = ChatFinishReason.Stop,
            ModelId = options?.ModelId,
            Usage = new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 5, TotalTokenCount = 1_005 },
        });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}

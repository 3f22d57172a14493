using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>Answers at once: what remains of a measurement is what the layers cost.</summary>
internal sealed class InMemoryChatClient(int updates) : IChatClient
{
    private readonly ChatResponseUpdate[] _updates =
    [
        .. Enumerable.Range(0, updates).Select(_ => new ChatResponseUpdate(ChatRole.Assistant, "word ") { ResponseId = "r", MessageId = "r", ModelId = "m" }),
        new ChatResponseUpdate(ChatRole.Assistant, []) { ResponseId = "r", MessageId = "r", ModelId = "m", FinishReason = ChatFinishReason.Stop },
    ];

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "An answer."))
        {
            ResponseId = "r",
            ModelId = "m",
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = 12, OutputTokenCount = 3, TotalTokenCount = 15 },
        });

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var update in _updates)
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

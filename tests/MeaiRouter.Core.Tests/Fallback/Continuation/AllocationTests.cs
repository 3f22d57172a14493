using System.Runtime.CompilerServices;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>Taking down what a caller has costs no memory for each update.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void A_stream_ten_times_as_long_allocates_no_more()
    {
        var (shorter, longer) = (Client(1_000), Client(10_000));
        for (var i = 0; i < 3; i++)
            (_, _) = (Allocated(shorter), Allocated(longer));

        // Less than a byte an update: what differs is whether the pool had a buffer of the size at hand.
        Assert.InRange(Allocated(longer) - Allocated(shorter), -9_000, 9_000);
    }

    private static FallbackChatClient Client(int updates) => new(new Chatty(updates), [new Chatty(updates)]);

    private static long Allocated(FallbackChatClient client)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reading = ReadAsync(client);

        // The client answers at once, so that all of it has happened on this thread.
        Assert.True(reading.IsCompletedSuccessfully);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Task ReadAsync(FallbackChatClient client)
    {
        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "Hi")]))
            Assert.NotNull(update);
    }

    private sealed class Chatty(int updates) : IChatClient
    {
        private readonly ChatResponseUpdate _word = new(ChatRole.Assistant, "word ") { ResponseId = "r", MessageId = "m" };
        private readonly ChatResponseUpdate _end = new() { FinishReason = ChatFinishReason.Stop };

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            for (var i = 0; i < updates; i++)
                yield return _word;
            yield return _end;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>A stream of the generation in force when it is read. Each update passes through as it is: only the beginning and the end matter here.</summary>
internal sealed class ReloadingStream(
    ReloadingChatClient client, IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) : IAsyncEnumerable<ChatResponseUpdate>
{
    public IAsyncEnumerator<ChatResponseUpdate> GetAsyncEnumerator(CancellationToken token = default)
    {
        var generation = client.Enter();
        try
        {
            var updates = generation.Pipeline.GetStreamingResponseAsync(messages, options, cancellationToken);
            return new Reader(generation, updates.GetAsyncEnumerator(token));
        }
        catch
        {
            generation.Leave();
            throw;
        }
    }

    private sealed class Reader(RouterGeneration generation, IAsyncEnumerator<ChatResponseUpdate> updates) : IAsyncEnumerator<ChatResponseUpdate>
    {
        private bool _hasLeft;

        public ChatResponseUpdate Current => updates.Current;

        public ValueTask<bool> MoveNextAsync() => updates.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            try
            {
                await updates.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                if (!Interlocked.Exchange(ref _hasLeft, true))
                    generation.Leave();
            }
        }
    }
}

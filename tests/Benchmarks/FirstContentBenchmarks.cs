using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Benchmarks;

/// <summary>The time from the request to the first content that the caller sees, of a stream of four characters a token: the price of the hold.</summary>
public class FirstContentBenchmarks
{
    private IChatClient _client = null!;

    /// <summary>Milliseconds between two tokens, the first included.</summary>
    [Params(2, 20)]
    public int Pace { get; set; }

    /// <summary>Milliseconds of the hold.</summary>
    [Params(0, 50)]
    public int Hold { get; set; }

    /// <summary>Builds the pipeline.</summary>
    [GlobalSetup]
    public void SetUp() => _client = Pipelines.Whole(
        new PacedChatClient(TimeSpan.FromMilliseconds(Pace)), new FallbackOptions { Hold = TimeSpan.FromMilliseconds(Hold) });

    /// <summary>Waits for the first content and leaves.</summary>
    [Benchmark]
    public async Task<string> FirstContent()
    {
        await foreach (var update in _client.GetStreamingResponseAsync(Pipelines.Messages, Pipelines.Options).ConfigureAwait(false))
        {
            if (update.Text.Length > 0)
                return update.Text;
        }

        return "";
    }

    private sealed class PacedChatClient(TimeSpan pace) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            while (true)
            {
                await Task.Delay(pace, cancellationToken).ConfigureAwait(false);
                yield return new ChatResponseUpdate(ChatRole.Assistant, "four");
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}

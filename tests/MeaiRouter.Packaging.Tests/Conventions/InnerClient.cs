using Microsoft.Extensions.AI;

namespace MeaiRouter.Packaging.Tests.Conventions;

/// <summary>The client that layers wrap here: it counts its disposals and answers to every key.</summary>
internal sealed class InnerClient : IChatClient
{
    public int Disposals { get; private set; }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null || serviceType == typeof(InnerClient) ? this : null;

    public void Dispose() => Disposals++;
}

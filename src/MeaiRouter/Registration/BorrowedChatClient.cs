using MeaiRouter.Keys;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Registration;

/// <summary>Keeps a client that belongs to somebody else from being disposed with the pipeline. Otherwise it is that client.</summary>
internal sealed class BorrowedChatClient(IChatClient client) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        client.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        if (serviceKey is null && serviceType.IsInstanceOfType(this))
            return this;

        // A wrapper that does not pass keys on must not be reached around.
        var service = client.GetService(serviceType, serviceKey);
        return serviceType == typeof(IKeyedChatClient) && client is DelegatingChatClient && !ReferenceEquals(service, client) ? null : service;
    }

    public void Dispose()
    {
    }
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests;

/// <summary>A provider that cannot be reached.</summary>
internal sealed class FailingChatClient : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new HttpRequestException("unreachable", null, System.Net.HttpStatusCode.ServiceUnavailable);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new HttpRequestException("unreachable", null, System.Net.HttpStatusCode.ServiceUnavailable);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A cache that somebody derived to mark its hits.</summary>
internal sealed class MarkingCache(IChatClient inner) : DistributedCachingChatClient(inner);

/// <summary>A kernel's own tool-invoking layer.</summary>
internal sealed class KernelInvokingChatClient(IChatClient inner) : FunctionInvokingChatClient(inner);

/// <summary>A wrapper of another kind, that shows nothing but services.</summary>
internal sealed class OpaqueClient(IChatClient inner) : IChatClient
{
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.GetResponseAsync(messages, options, cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        inner.GetStreamingResponseAsync(messages, options, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : inner.GetService(serviceType, serviceKey);

    public void Dispose() => inner.Dispose();
}

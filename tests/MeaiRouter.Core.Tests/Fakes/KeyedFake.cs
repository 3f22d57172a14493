using MeaiRouter.Keys;
using MeaiRouter.Limits;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>A provider that answers with the name of the key it was called with, and refuses the keys it is told to.</summary>
internal sealed class KeyedFake(params string[] secrets) : IChatClient, IKeyedChatClient, IRateLimitSource
{
    public IReadOnlyList<ProviderKey> Keys { get; } = [.. secrets.Select((secret, i) => new ProviderKey($"key {i + 1}", secret))];

    /// <summary>What happens to a call with a key, given the secret, before it is answered.</summary>
    public Action<string> Calling { get; set; } = static _ => { };

    /// <summary>The limits reported for a key, given the secret.</summary>
    public Func<string, RateLimits?> Limits { get; init; } = static _ => null;

    /// <summary>The secrets of all calls, in order.</summary>
    public List<string> Used { get; } = [];

    /// <summary>The options of the last call.</summary>
    public ChatOptions? Options { get; private set; }

    public IChatClient WithKey(ProviderKey key) => new FakeWithKey(this, key);

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No key was chosen.");

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("No key was chosen.");

    public object? GetService(Type serviceType, object? serviceKey) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private sealed class FakeWithKey(KeyedFake owner, ProviderKey key) : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Answer(options).GetResponseAsync(messages, null, cancellationToken);

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
            Answer(options).GetStreamingResponseAsync(messages, null, cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey) => null;

        public void Dispose() => throw new InvalidOperationException("What is borrowed is not disposed.");

        private FakeChatClient Answer(ChatOptions? options)
        {
            owner.Options = options;
            lock (owner.Used)
                owner.Used.Add(key.Secret);
            if (owner.Limits(key.Secret) is { } limits)
                options?.GetRateLimitObserver()?.Observe(limits);
            owner.Calling(key.Secret);
            return FakeChatClient.Answering($"Hello from {key}");
        }
    }
}

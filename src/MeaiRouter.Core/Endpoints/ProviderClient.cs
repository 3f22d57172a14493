using MeaiRouter.Keys;
using MeaiRouter.Limits;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Endpoints;

/// <summary>A provider's client and what it can do besides answering, found out once.</summary>
internal readonly struct ProviderClient(IChatClient client)
{
    public IChatClient Client => client;

    /// <summary>The client as one that takes keys; <see langword="null"/> if it does not, or only behind a wrapper that must not be left out.</summary>
    public IKeyedChatClient? Keyed { get; } = KeyedOf(client);

    /// <summary>Where the client's calls go; <see langword="null"/> if it does not say.</summary>
    public Uri? Address { get; } = client.GetService<ChatClientMetadata>()?.ProviderUri;

    /// <summary>Whether the client tells the observer in its options about rate limits.</summary>
    public bool ReportsLimits { get; } = client.GetService(typeof(IRateLimitSource)) is not null;

    private static IKeyedChatClient? KeyedOf(IChatClient client)
    {
        var keyed = client.GetService(typeof(IKeyedChatClient)) as IKeyedChatClient;
        return ReferenceEquals(keyed, client) || client is not DelegatingChatClient ? keyed : null;
    }
}

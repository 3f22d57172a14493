using MeaiRouter.Keys;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fakes;

/// <summary>What a provider's client offers that can be called with any key.</summary>
internal sealed class KeyTaking : IKeyedChatClient
{
    public IReadOnlyList<ProviderKey> Keys => [];

    public IChatClient WithKey(ProviderKey key) => throw new NotSupportedException("Plans call nobody.");
}

using Microsoft.Extensions.AI;

namespace MeaiRouter.Keys;

/// <summary>A provider's client that can call with one key or another. Found through <c>GetService</c>.</summary>
/// <remarks>With it the pipeline rotates keys, rests only the one that was refused, and calls with a key of the caller's own.</remarks>
public interface IKeyedChatClient
{
    /// <summary>The keys the client was configured with, in order; empty if it calls without one.</summary>
    IReadOnlyList<ProviderKey> Keys { get; }

    /// <summary>The same client, calling with the given key. Cheap: it shares everything else, and need not be disposed.</summary>
    /// <param name="key">One of <see cref="Keys"/>, or a key of the caller's.</param>
    IChatClient WithKey(ProviderKey key);
}

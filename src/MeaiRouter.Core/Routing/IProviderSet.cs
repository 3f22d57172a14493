using MeaiRouter.Keys;

namespace MeaiRouter.Routing;

/// <summary>Says which providers a pipeline can call, found through <c>GetService</c>.</summary>
internal interface IProviderSet
{
    IReadOnlyList<string> Providers { get; }

    /// <summary>The provider's own keys among which an attempt may choose; empty if its client chooses by itself.</summary>
    IReadOnlyList<ProviderKey> KeysOf(string provider);

    /// <summary>Whether the provider's client can be called with a key of the caller's.</summary>
    bool TakesKeys(string provider);
}

using MeaiRouter.Keys;

namespace MeaiRouter.Health;

/// <summary>One of a provider's own keys, and its rest at all endpoints of the provider.</summary>
internal sealed record OwnKey(ProviderKey Key, KeyRest Rest);

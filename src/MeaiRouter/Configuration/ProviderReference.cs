namespace MeaiRouter.Configuration;

/// <summary>Where an endpoint or a caller's key names a provider; whether there is such a provider is known only once those added in code are.</summary>
internal readonly record struct ProviderReference(string Path, string Provider);

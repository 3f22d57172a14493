using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Authentication;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The section <c>MeaiRouter:Gateway</c>, read once and found right.</summary>
/// <param name="Keys">The keys of the configuration.</param>
/// <param name="Management">The digest of the management key; <see langword="null"/> if there is none.</param>
/// <param name="Ledger">The connection string of the ledger; <see langword="null"/> keeps it in memory.</param>
/// <param name="Providers">The providers that the keys name.</param>
/// <param name="KeyRing">The folder of what providers' keys are encrypted with; <see langword="null"/> if there is none.</param>
internal sealed record GatewaySettings(
    IReadOnlyList<GatewayKey> Keys, SecretDigest? Management = null, string? Ledger = null, IReadOnlyList<ProviderReference>? Providers = null, string? KeyRing = null)
{
    /// <summary>What is about HTTP.</summary>
    public WebSettings Web { get; init; } = new();

    /// <summary>Refuses keys for providers that do not exist: the calls they are meant for would be paid by somebody else.</summary>
    /// <param name="providers">Every provider, those added in code too.</param>
    /// <exception cref="MeaiRouterConfigurationException">There is such a key.</exception>
    public void RefuseUnknownProviders(IReadOnlyCollection<string> providers)
    {
        var errors = new ConfigurationErrors();
        foreach (var (path, provider) in Providers ?? [])
            if (!providers.Contains(provider, StringComparer.OrdinalIgnoreCase))
                errors.Add(path, $"'{provider}' is not a provider.{Suggestion.For(provider, providers)}");

        errors.ThrowIfAny();
    }
}

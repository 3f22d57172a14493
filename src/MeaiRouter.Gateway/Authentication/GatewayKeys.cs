using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>Admits callers who present one of the configured keys; without any configured, everybody.</summary>
internal sealed class GatewayKeys(IReadOnlyList<GatewayKey> keys, IReadOnlyList<ProviderReference>? providerReferences = null)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether everybody is admitted.</summary>
    public bool AreOpen => keys.Count == 0;

    /// <summary>Refuses keys for providers that do not exist: the calls they are meant for would be paid by somebody else.</summary>
    /// <param name="providers">Every provider, those added in code too.</param>
    /// <exception cref="MeaiRouterConfigurationException">There is such a key.</exception>
    public void RefuseUnknownProviders(IReadOnlyCollection<string> providers)
    {
        var errors = new ConfigurationErrors();
        foreach (var (path, provider) in providerReferences ?? [])
            if (!providers.Contains(provider, StringComparer.OrdinalIgnoreCase))
                errors.Add(path, $"'{provider}' is not a provider.{Suggestion.For(provider, providers)}");

        errors.ThrowIfAny();
    }

    /// <summary>Admits the caller or says why not.</summary>
    /// <returns>The key; <see langword="null"/> where none is needed.</returns>
    /// <exception cref="GatewayException">The key is missing or unknown.</exception>
    public GatewayKey? Admit(HttpRequest request)
    {
        if (AreOpen)
            return null;

        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw GatewayException.Unauthorized("No key was given. Send it as 'Authorization: Bearer KEY'.");

        var digest = GatewayKey.Digest(header.AsSpan(Scheme.Length).Trim());
        GatewayKey? found = null;
        foreach (var key in keys)
        {
            // No early exit: how long the search takes must not depend on which key matches.
            if (key.Matches(digest))
                found = key;
        }

        return found ?? throw GatewayException.Unauthorized("The key is not known here.");
    }
}

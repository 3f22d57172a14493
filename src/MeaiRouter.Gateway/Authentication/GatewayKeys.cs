using MeaiRouter.Gateway.Errors;
using Microsoft.AspNetCore.Http;

namespace MeaiRouter.Gateway.Authentication;

/// <summary>Admits callers who present one of the configured keys; without any configured, everybody.</summary>
internal sealed class GatewayKeys(IReadOnlyList<GatewayKey> keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether everybody is admitted.</summary>
    public bool AreOpen => keys.Count == 0;

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

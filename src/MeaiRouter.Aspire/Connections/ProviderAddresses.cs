using MeaiRouter.OpenAI;

namespace MeaiRouter.Aspire.Connections;

/// <summary>Tells by an address whose it is, and completes one that names only a host.</summary>
internal static class ProviderAddresses
{
    private const string CommonPath = "/v1";

    private const int OllamaPort = 11434;

    // The other hosts of the same service: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
    private static readonly string[] AzureHosts = [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"];

    /// <summary>The provider an address belongs to; <see langword="null"/> if that cannot be told.</summary>
    /// <param name="endpoint">The address.</param>
    /// <param name="hasKey">Whether a key comes with it.</param>
    public static KnownProvider? Guess(Uri endpoint, bool hasKey)
    {
        if (KnownProviders.All.FirstOrDefault(provider => IsAt(provider, endpoint)) is { } provider)
            return provider;
        if (IsAzure(endpoint))
            return Known("azure");

        // An app host gives containers a port of its own choice. Of the resources there are, only Ollama's writes a bare address without a key.
        return endpoint.Port == OllamaPort || (!hasKey && IsBare(endpoint)) ? Known("ollama") : null;
    }

    /// <summary>The address to which <c>/chat/completions</c> is appended; <see langword="null"/> if the provider's holds an account that is not known.</summary>
    /// <remarks>
    /// An address with a path is taken as it is, but for Azure's inference path: the v1 address beside it serves the same deployments and needs no version
    /// in the query.
    /// </remarks>
    public static Uri? Complete(Uri endpoint, KnownProvider? provider)
    {
        var isInference = IsAzure(endpoint) && endpoint.AbsolutePath.TrimEnd('/') is "/models";
        if (!IsBare(endpoint) && !isInference)
            return endpoint;

        var path = provider is null ? CommonPath : PathOf(provider);
        return path.Contains('{', StringComparison.Ordinal) ? null : new Uri(endpoint, path);
    }

    private static bool IsBare(Uri endpoint) => endpoint.AbsolutePath is "/";

    private static bool IsAzure(Uri endpoint) => AzureHosts.Any(suffix => endpoint.Host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase));

    private static KnownProvider? Known(string name) => KnownProviders.TryGet(name, out var provider) ? provider : null;

    private static bool IsAt(KnownProvider provider, Uri endpoint)
    {
        var host = HostOf(provider);
        var open = host.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
            return endpoint.Authority.Equals(host, StringComparison.OrdinalIgnoreCase);

        var (before, after) = (host[..open], host[(host.IndexOf('}', StringComparison.Ordinal) + 1)..]);
        return endpoint.Host.Length > before.Length + after.Length
            && endpoint.Host.StartsWith(before, StringComparison.OrdinalIgnoreCase)
            && endpoint.Host.EndsWith(after, StringComparison.OrdinalIgnoreCase);
    }

    // Both by hand: with the customer's parts in braces it is no address yet.
    private static string HostOf(KnownProvider provider)
    {
        var rest = AfterScheme(provider);
        return rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? rest[..slash] : rest;
    }

    private static string PathOf(KnownProvider provider)
    {
        var rest = AfterScheme(provider);
        return rest.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? rest[slash..] : "/";
    }

    private static string AfterScheme(KnownProvider provider) =>
        provider.BaseUrl[(provider.BaseUrl.IndexOf("://", StringComparison.Ordinal) + 3)..];
}

using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MeaiRouter.OpenAI.Providers;

namespace MeaiRouter.OpenAI;

/// <summary>The table of known providers. What it says of a provider is documented by it; what is unknown is left at the common wire.</summary>
public static class KnownProviders
{
    /// <summary>All known providers: those that make models, those that serve others', clouds, and servers of one's own.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } = [.. Makers.All, .. ChineseMakers.All, .. Hosts.All, .. Clouds.All, .. LocalServers.All];

    private static FrozenDictionary<string, KnownProvider> ByName { get; } =
        All.ToFrozenDictionary(static provider => provider.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds a provider.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <param name="provider">The provider.</param>
    public static bool TryGet(string name, [NotNullWhen(true)] out KnownProvider? provider) => ByName.TryGetValue(name, out provider);
}

using System.Collections.Frozen;
using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Keys;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The section <c>MeaiRouter:Gateway</c>.</summary>
internal static class GatewayConfiguration
{
    // A shorter key could be guessed.
    private const int ShortestKey = 8;

    public static GatewayKeys Read(IConfiguration configuration, ConfigurationErrors errors)
    {
        var root = new SectionReader(RouterConfiguration.SectionOf(configuration), errors);
        if (root.Section("Gateway") is not { } gateway)
            return new GatewayKeys([]);

        gateway.RefuseUnsupported("AdminKey", "Ledger", "Redis");
        var providers = new List<ProviderReference>();
        var keys = gateway.Sections("Keys").Select(entry => ReadKey(entry, providers, errors)).OfType<GatewayKey>().ToList();
        foreach (var twin in keys.GroupBy(key => key.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            gateway.Refuse("Keys", $"the name '{twin.Key}' occurs {twin.Count()} times. Give each key a name of its own.");

        // Whose calls they are could not be told apart, and to take one away would take nothing away.
        foreach (var (index, key) in keys.Index())
            if (keys.Take(index).FirstOrDefault(key.IsTwinOf) is { } twin)
                gateway.Refuse("Keys", $"'{twin.Name}' and '{key.Name}' are the same key. Give each a key of its own.");

        gateway.ReportUnknownKeys();
        return new GatewayKeys(keys, providers);
    }

    private static GatewayKey? ReadKey(SectionReader entry, List<ProviderReference> providers, ConfigurationErrors errors)
    {
        var name = entry.RequiredText("Name");
        var secret = entry.RequiredText("Key");
        entry.RefuseUnsupported(
            "LimitUsd", "LimitReset", "ExpiresAt", "Disabled", "RequestsPerMinute", "TokensPerMinute");
        var policy = PolicyReader.Read(entry.Section("Policy"), name ?? entry.Key);
        var providerKeys = ReadProviderKeys(entry, name ?? entry.Key, providers, errors);

        if (secret is { Length: < ShortestKey })
            errors.Add(entry.PathOf("Key"), $"has fewer than {ShortestKey} characters. Use a long random one.");
        return name is null || secret is null ? null : new GatewayKey(name, secret, policy, providerKeys);
    }

    private static FrozenDictionary<string, ProviderKey> ReadProviderKeys(
        SectionReader entry, string name, List<ProviderReference> providers, ConfigurationErrors errors)
    {
        const string Section = "ProviderKeys";

        var keys = new Dictionary<string, ProviderKey>(StringComparer.OrdinalIgnoreCase);
        foreach (var (provider, secret) in entry.NamedTexts(Section))
        {
            var path = entry.PathOf($"{Section}:{provider}");
            providers.Add(new ProviderReference(path, provider));
            if (ProviderReader.CanBeSent(secret))
                keys[provider] = new ProviderKey($"{name}'s", secret) { IsCallers = true };
            else
                errors.Add(path, "holds a character that cannot be sent in an HTTP header.");
        }

        return keys.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}

using System.Collections.Frozen;
using MeaiRouter.Configuration;
using MeaiRouter.EntityFrameworkCore;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Keys;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>The section <c>MeaiRouter:Gateway</c>.</summary>
internal static class GatewayConfiguration
{
    // A shorter key could be guessed.
    private const int ShortestKey = 8;

    public static GatewaySettings Read(IConfiguration configuration, ConfigurationErrors errors) =>
        Read(new SectionReader(RouterConfiguration.SectionOf(configuration), errors), errors);

    /// <param name="root">The section <c>MeaiRouter</c>.</param>
    /// <param name="errors">Where errors are noted.</param>
    internal static GatewaySettings Read(SectionReader root, ConfigurationErrors errors)
    {
        if (root.Section("Gateway") is not { } gateway)
            return new GatewaySettings([]);

        gateway.RefuseUnsupported("Redis");
        var providers = new List<ProviderReference>();
        var keys = gateway.Sections("Keys").Select(entry => ReadKey(entry, providers, errors)).OfType<GatewayKey>().ToList();
        foreach (var twin in keys.GroupBy(key => key.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            gateway.Refuse("Keys", $"the name '{twin.Key}' occurs {twin.Count()} times. Give each key a name of its own.");

        // Whose calls they are could not be told apart, and to take one away would take nothing away.
        foreach (var (index, key) in keys.Index())
            if (keys.Take(index).FirstOrDefault(other => other.Hash == key.Hash) is { } twin)
                gateway.Refuse("Keys", $"'{twin.Name}' and '{key.Name}' are the same key. Give each a key of its own.");

        var management = ReadSecret(gateway, "AdminKey", gateway.Text("AdminKey"));
        if (keys.Find(key => key.Hash == management?.ToString()) is { } shared)
            gateway.Refuse("AdminKey", $"is also the key '{shared.Name}'. The management key is for nothing else.");

        var ledger = ReadLedger(gateway);
        var keyRing = gateway.Text("KeyRing");
        var web = WebConfiguration.Read(gateway);
        gateway.ReportUnknownKeys();
        return new GatewaySettings(keys, management, ledger, providers, keyRing) { Web = web };
    }

    private static GatewayKey? ReadKey(SectionReader entry, List<ProviderReference> providers, ConfigurationErrors errors)
    {
        var name = entry.RequiredText("Name");
        if (name == "*")
            entry.Refuse("Name", "'*' means each key, as in the budget 'key:*'. Give the key another name.");
        var digest = ReadSecret(entry, "Key", entry.RequiredText("Key"))?.ToString();
        var policy = PolicyReader.Read(entry.Section("Policy"), name ?? entry.Key);
        var providerKeys = ReadProviderKeys(entry, name ?? entry.Key, providers, errors);
        var limit = entry.Dollars("LimitUsd");
        var reset = entry.Choice<LimitReset>("LimitReset");
        if (reset is not (null or LimitReset.None) && !entry.Has("LimitUsd"))
            entry.Refuse("LimitReset", "has no effect without LimitUsd. Set that, or remove this.");
        var key = new GatewayKey
        {
            Name = name ?? "",
            Hash = digest ?? "",
            Label = name ?? "",
            Secrets = digest is null ? [] : [new KeySecret(digest)],
            LimitUsd = limit,
            LimitReset = reset ?? LimitReset.None,
            ExpiresAt = entry.Moment("ExpiresAt"),
            Disabled = entry.Flag("Disabled") ?? false,
            RequestsPerMinute = entry.Number("RequestsPerMinute", minimum: 1),
            TokensPerMinute = entry.Number("TokensPerMinute", minimum: 1),
            Policy = policy,
            ProviderKeys = providerKeys,
            IsConfigured = true,
        };
        return name is null or "*" || digest is null ? null : key;
    }

    private static SecretDigest? ReadSecret(SectionReader section, string name, string? secret)
    {
        if (secret is { Length: < ShortestKey })
            section.Refuse(name, $"has fewer than {ShortestKey} characters. Use a long random one.");
        return secret is null ? null : SecretDigest.Of(secret);
    }

    private static string? ReadLedger(SectionReader gateway)
    {
        if (gateway.Text("Ledger") is not { } connectionString)
            return null;

        try
        {
            LedgerOptions.Check(connectionString);
        }
        catch (ArgumentException exception)
        {
            // A message that is not ours may quote the string, and in it a password.
            const string Own = "Ledger: ";
            gateway.Refuse("Ledger", exception.Message.StartsWith(Own, StringComparison.Ordinal)
                ? exception.Message[Own.Length..].Split(" (Parameter", 2)[0]
                : "this is no connection string. Write 'Data Source=ledger.db' for SQLite or 'Host=...;Database=...' for PostgreSQL.");
        }

        return connectionString;
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

using MeaiRouter.Configuration;
using MeaiRouter.Gateway.Accounts;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Streams;
using MeaiRouter.Registration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>Takes over the section <c>Gateway</c> of a changed configuration, together with the router's part or not at all.</summary>
internal sealed class GatewayReload(LiveSettings live, GatewayKeys keys, KeyAccounts accounts, KeepAlive keepAlive) : IConfigurationFollower
{
    private const string Section = "Gateway:";

    // What the server, the host and the database connections were made with, and the paths that are mapped.
    private static readonly string[] ReadAtStart =
    [
        "Ledger", "KeyRing", "Docs", "ShutdownTimeout", "FetchMedia", "Limits:MaxHeaderBytes", "Limits:HeadersTimeout", "Limits:MinBytesPerSecond", "Limits:SlownessGrace",
        "Metrics:Enabled", "Metrics:Path",
    ];

    public Action Prepare(IConfiguration configuration, RouterConfiguration router, IReadOnlyCollection<string> providers, ConfigurationErrors errors)
    {
        var next = GatewayConfiguration.Read(configuration, errors);
        errors.Include(() => next.RefuseUnknownProviders(providers));

        // A file that is missing for a moment must not let everybody in.
        if (!keys.AreOpen && next is { Keys.Count: 0, Management: null } && !keys.Table.Keys.Any(static key => !key.IsConfigured))
            errors.Add($"{RouterConfiguration.SectionName}:{Section}Keys", "there is no key any more, which would let everybody in. If that is meant, restart the gateway.");

        return () =>
        {
            live.Replace(next);
            keepAlive.Change(next.Web.KeepAlive);
            accounts.Reconfigure(next.Keys, next.Management, router.Budgets);
        };
    }

    public bool Reads(string path) => path.StartsWith(Section, StringComparison.OrdinalIgnoreCase);

    public bool NeedsRestart(string path) => Reads(path) && Array.Exists(ReadAtStart, setting => IsWithin(path.AsSpan(Section.Length), setting));

    private static bool IsWithin(ReadOnlySpan<char> path, string setting) =>
        path.StartsWith(setting, StringComparison.OrdinalIgnoreCase) && (path.Length == setting.Length || path[setting.Length] == ':');
}

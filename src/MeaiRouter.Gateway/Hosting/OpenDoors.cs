using System.Net;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Hosting;

/// <summary>Tells the operator, once the server listens, of every door that stands open.</summary>
internal sealed class OpenDoors(GatewayKeys keys, GatewaySettings settings, IHostApplicationLifetime lifetime, IServer server, ILogger<OpenDoors> logger)
{
    public void WarnOnceStarted()
    {
        if (keys.AreOpen)
            GatewayLog.Open(logger);
        else if (settings is { Management: null, Ledger: not null })
            GatewayLog.Unmanaged(logger);
        lifetime.ApplicationStarted.Register(WarnOfAddresses);
    }

    private void WarnOfAddresses()
    {
        foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (IsLoopback(address))
                continue;
            if (settings.Web.Metrics is { Enabled: true, RequireKey: false })
                GatewayLog.MetricsOpen(logger, settings.Web.Metrics.Path, address);
            if (keys.AreOpen)
                GatewayLog.OpenToAll(logger, address);
            if (!address.StartsWith("https:", StringComparison.OrdinalIgnoreCase))
                GatewayLog.Unencrypted(logger, address);
        }
    }

    // Besides names and addresses a host may be + or *, which no Uri takes, or the path of a socket, which is not the network.
    private static bool IsLoopback(string address)
    {
        var text = address.Replace("://+", "://0.0.0.0", StringComparison.Ordinal).Replace("://*", "://0.0.0.0", StringComparison.Ordinal);
        if (text.Contains("://unix:", StringComparison.Ordinal) || text.Contains("://pipe:", StringComparison.Ordinal))
            return true;
        return Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.IsLoopback || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
    }
}

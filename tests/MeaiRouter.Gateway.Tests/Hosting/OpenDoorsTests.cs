using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Hosting;
using MeaiRouter.Gateway.Tests.Running;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>What an operator is told of doors that stand open.</summary>
public sealed class OpenDoorsTests
{
    private const string NoKeys = "No keys are configured: everybody who reaches this gateway can spend. Add MeaiRouter:Gateway:Keys.";

    [Theory]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://127.9.9.9:5000")]
    [InlineData("https://[::1]:5001")]
    [InlineData("http://unix:/run/gateway.sock")]
    public void Loopback_with_keys_is_no_open_door(string address)
    {
        Assert.Empty(Warnings(address, hasKeys: true));
        Assert.Equal([NoKeys], Warnings(address, hasKeys: false));
    }

    [Theory]
    [InlineData("http://0.0.0.0:5000", false)]
    [InlineData("http://[::]:5000", false)]
    [InlineData("http://+:80", false)]
    [InlineData("http://*:80", false)]
    [InlineData("http://gateway.example.com", false)]
    [InlineData("https://192.0.2.1:5001", true)]
    public void The_network_is_an_open_door_without_keys_and_without_TLS(string address, bool isEncrypted)
    {
        var plain = $"The gateway listens at {address} without TLS: keys and conversations can be read on the way. Use https, or a proxy that does.";
        var open = $"The gateway listens at {address} for everybody who reaches it, and no keys are configured. Add MeaiRouter:Gateway:Keys, or listen on loopback.";

        Assert.Equal(isEncrypted ? [] : [plain], Warnings(address, hasKeys: true));
        Assert.Equal(isEncrypted ? [NoKeys, open] : [NoKeys, open, plain], Warnings(address, hasKeys: false));
    }

    [Fact]
    public void Keys_that_nobody_can_manage_are_worth_a_word()
    {
        Assert.Equal(
            ["Keys are kept in the ledger's database, but there is no management key, so none can be made or changed over HTTP. Set MeaiRouter:Gateway:AdminKey for that."],
            Warnings("http://localhost:5000", hasKeys: true, ledger: "Data Source=ledger.db"));
    }

    private static IEnumerable<string> Warnings(string address, bool hasKeys, string? ledger = null)
    {
        using var log = new CapturedLog();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        using var lifetime = new Lifetime();
        using var server = new Server(address);
        GatewayKey[] configured = hasKeys ? [new GatewayKey { Name = "a", Hash = "", Label = "a", Secrets = [new KeySecret(SecretDigest.Of("sk-0123456789").ToString())] }] : [];
        var keys = new GatewayKeys(configured, null, TimeProvider.System);

        new OpenDoors(keys, new GatewaySettings(configured, Ledger: ledger), lifetime, server, factory.CreateLogger<OpenDoors>()).WarnOnceStarted();
        lifetime.Start();
        return [.. log.Lines.Select(static line => line.Text)];
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _started = new();

        public CancellationToken ApplicationStarted => _started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void Start() => _started.Cancel();

        public void StopApplication()
        {
        }

        public void Dispose() => _started.Dispose();
    }

    private sealed class Server : IServer
    {
        public Server(string address)
        {
            var addresses = new ServerAddressesFeature();
            addresses.Addresses.Add(address);
            Features.Set<IServerAddressesFeature>(addresses);
        }

        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}

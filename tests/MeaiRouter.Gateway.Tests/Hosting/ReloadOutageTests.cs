using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Gateway.Authentication;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>A configuration that changes while nobody can tell what was spent admits nobody it should not, and lets nobody spend more.</summary>
public sealed class ReloadOutageTests : GatewayTest
{
    private const string Keys = "MeaiRouter:Gateway:Keys";
    private const string Budget = "MeaiRouter:Budgets:0";

    private readonly ManualTimeProvider _time = new();
    private readonly Reports _reports = new();

    [Theory]
    [InlineData(Keys + ":0:LimitUsd", "5", null)]
    [InlineData(Keys + ":0:LimitReset", "monthly", "9")]
    [InlineData(Keys + ":0:Name", "team-z", "9")]
    public async Task The_only_key_waits_for_what_was_spent_and_the_gateway_stays_closed(string setting, string value, string? limit)
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        await using var gateway = await StartAsync((Keys + ":0:LimitUsd", limit));
        _reports.AreDown = true;

        gateway.Reconfigure((setting, value));

        Assert.False(gateway.Services.GetRequiredService<GatewayKeys>().AreOpen);
        foreach (var key in (string?[])[null, "sk-stranger-0123456789"])
            Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), key)).Status);
        var waits = await gateway.PostAsync(Hello(streaming: false));
        Assert.Equal((503, "server"), (waits.Status, (string?)waits.Error["metadata"]!["error_type"]));
        Assert.Equal("What was spent with this key cannot be read at the moment, so nobody can tell whether its limit allows more. Try again.", (string?)waits.Error["message"]);
        Assert.Equal("5", waits.Headers["Retry-After"]);
        Assert.Equal(0, First.RequestCount);

        await RecoverAsync(gateway);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false))).Status);
        Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), key: null)).Status);
    }

    [Fact]
    public async Task A_key_that_waits_is_no_wrong_key()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        await using var gateway = await StartAsync(("MeaiRouter:Gateway:AdminKey", "sk-admin-0123456789"), ("MeaiRouter:Gateway:Limits:MaxWrongKeys", "2"));
        _reports.AreDown = true;

        gateway.Reconfigure((Keys + ":0:LimitUsd", "5"), (Keys + ":1:Name", "gone"), (Keys + ":1:Key", "sk-disabled-0123456789"), (Keys + ":1:LimitUsd", "5"), (Keys + ":1:Disabled", "true"));

        for (var i = 0; i < 5; i++)
            Assert.Equal(503, (await gateway.PostAsync(Hello(streaming: false))).Status);
        var disabled = await gateway.PostAsync(Hello(streaming: false), "sk-disabled-0123456789");
        Assert.Equal((401, "The key is disabled."), (disabled.Status, (string?)disabled.Error["message"]));
        Assert.Equal(200, (await gateway.GetAsync("/v1/keys", "sk-admin-0123456789")).Status);

        await RecoverAsync(gateway);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false))).Status);
    }

    [Theory]
    [InlineData(Budget + ":Window", "monthly", "global", "monthly")]
    [InlineData(Budget + ":Scope", "key:team-a", "key:team-a", "daily")]
    public async Task A_budget_holds_until_the_one_in_its_place_does(string setting, string value, string scope, string window)
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        await using var gateway = await StartAsync((Budget + ":Scope", "global"), (Budget + ":Window", "daily"), (Budget + ":LimitUsd", "0"));
        Assert.Equal(402, (await gateway.PostAsync(Hello(streaming: false))).Status);
        _reports.AreDown = true;

        gateway.Reconfigure((setting, value));

        Assert.Equal(402, (await gateway.PostAsync(Hello(streaming: false))).Status);
        Assert.Equal(["global daily"], InForce(gateway));

        await RecoverAsync(gateway);
        Assert.Equal([$"{scope} {window}"], InForce(gateway));
    }

    [Fact]
    public async Task A_limit_in_money_beside_one_on_rates_knows_what_was_spent_before()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        _reports.Spent = 7;
        await using var gateway = await StartAsync((Keys + ":0:RequestsPerMinute", "50"));
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false))).Status);

        gateway.Reconfigure((Keys + ":0:LimitUsd", "5"));

        Assert.Equal(402, (await gateway.PostAsync(Hello(streaming: false))).Status);
    }

    [Fact]
    public async Task A_key_taken_away_while_another_waits_does_not_come_back()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        await using var gateway = await StartAsync((Keys + ":1:Name", "team-b"), (Keys + ":1:Key", "sk-second-0123456789"));
        _reports.Gate = new TaskCompletionSource();

        gateway.Reconfigure((Keys + ":0:LimitUsd", "5"));
        gateway.Reconfigure((Keys + ":0:LimitReset", "monthly"), (Keys + ":1:Name", null), (Keys + ":1:Key", null));
        _reports.AreDown = true;
        _reports.Gate.SetResult();

        Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), "sk-second-0123456789")).Status);
        Assert.Equal(503, (await gateway.PostAsync(Hello(streaming: false))).Status);
        await RecoverAsync(gateway);
        Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), "sk-second-0123456789")).Status);
        Assert.Equal(["key:team-a monthly"], InForce(gateway));
    }

    private Task<RunningGateway> StartAsync(params ReadOnlySpan<(string Key, string? Value)> settings) => StartGatewayAsync(
        router => router.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time)).AddSingleton<ILedgerReports>(_reports), settings);

    // Nothing but time passes: without a database of keys it is tried again as well.
    private async Task RecoverAsync(RunningGateway gateway)
    {
        _reports.AreDown = false;
        await _time.ArmedAsync(TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(5));
        using var patience = new CancellationTokenSource(Patience);
        while ((await gateway.GetAsync("/v1/key")).Status != 200)
            await Task.Delay(20, patience.Token);
    }

    private static IEnumerable<string> InForce(RunningGateway gateway) =>
        gateway.Services.GetRequiredService<BudgetBook>().Budgets.Select(static budget => $"{budget.Scope} {budget.Window}");

    private sealed class Reports : ILedgerReports
    {
        public bool AreDown { get; set; }

        public TaskCompletionSource? Gate { get; set; }

        public decimal? Spent { get; set; }

        public async Task<UsageReport> SummarizeAsync(UsageQuery query, CancellationToken cancellationToken)
        {
            // What was asked before the outage is answered yet.
            var isDown = AreDown;
            if (Gate is { } gate)
                await gate.Task.WaitAsync(cancellationToken);
            if (isDown)
                throw new IOException("The database is down.");
            return new UsageReport(Spent is { } usd ? [new UsageRow { Key = "team-a", Cost = NanoUsd.FromUsd(usd) }] : [], Pending: 0);
        }

        public Task<GenerationRecord?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<GenerationRecord?>(null);

        public IAsyncEnumerable<GenerationRecord> RecordsAsync(UsageQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

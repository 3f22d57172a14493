using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>What a gateway with a ledger still knows after it was stopped.</summary>
public sealed class RestartTests : AccountTest
{
    private static readonly string[] Acme = ["acme/*"];

    private static readonly (string, object?)[] Bounded = [("max_tokens", 200), ("provider", new { only = new[] { "first" } })];

    private static readonly (string, string?)[] Budgets =
    [
        ("MeaiRouter:Budgets:0:Scope", "global"), ("MeaiRouter:Budgets:0:LimitUsd", "9"), ("MeaiRouter:Budgets:0:Window", "monthly"),
        ("MeaiRouter:Budgets:1:Scope", "user:*"), ("MeaiRouter:Budgets:1:LimitUsd", "8"), ("MeaiRouter:Budgets:1:Window", "24h"),
        ("MeaiRouter:Budgets:2:Scope", "tag:nightly"), ("MeaiRouter:Budgets:2:LimitUsd", "7"),
        ("MeaiRouter:Budgets:3:Scope", "model:acme/small"), ("MeaiRouter:Budgets:3:LimitUsd", "6"), ("MeaiRouter:Budgets:3:Window", "weekly"),
        ("MeaiRouter:Budgets:4:Scope", "provider:FIRST"), ("MeaiRouter:Budgets:4:LimitUsd", "5"), ("MeaiRouter:Budgets:4:Window", "daily"),
        ("MeaiRouter:Budgets:5:Scope", "key:*"), ("MeaiRouter:Budgets:5:LimitUsd", "4"), ("MeaiRouter:Budgets:5:Window", "daily"),
    ];

    [Fact]
    public async Task Keys_and_what_they_spent_are_there_after_a_restart()
    {
        FirstScript.Always(Answer);
        string secret;
        string rotated;
        string hash;
        string? before;
        await using (var gateway = await StartAsync(Ledger))
        {
            (secret, hash) = await CreateAsync(gateway, new { name = "Team B", limit = 0.0009m, limit_reset = "monthly", policy = new { allowed_models = Acme } });
            Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false, Bounded), secret)).Status);
            rotated = (string)(await ManageAsync(gateway, HttpMethod.Post, $"/keys/{hash}/rotate", new { overlap_seconds = 600 })).Json["key"]!;
            before = (await ManageAsync(gateway, HttpMethod.Get, $"/keys/{hash}")).Json.ToJsonString();
        }

        await using (var gateway = await StartAsync(Ledger))
        {
            Assert.Equal(before, (await ManageAsync(gateway, HttpMethod.Get, $"/keys/{hash}")).Json.ToJsonString());
            Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: true, Bounded), secret)).Status);
            Assert.Equal(402, (await gateway.PostAsync(Hello(streaming: true, Bounded), rotated)).Status);
            Assert.Equal(2 * AnswerCost, (await BalanceAsync(gateway, "key:Team B")).Spent.ToUsd());
            Assert.All([secret, rotated, AdminKey], text => Assert.DoesNotContain(text, EverythingOnDisk + gateway.Log.Text, StringComparison.Ordinal));
            await ManageAsync(gateway, HttpMethod.Delete, $"/keys/{hash}");
        }

        // Another key of the name does not begin at zero.
        await using (var gateway = await StartAsync(Ledger))
        {
            Assert.Equal(401, (await gateway.GetAsync("/v1/key", rotated)).Status);
            var (again, _) = await CreateAsync(gateway, new { name = "team b", limit = 0.0009m, limit_reset = "daily" });
            Assert.Equal(402, (await gateway.PostAsync(Hello(streaming: false, Bounded), again)).Status);
        }
    }

    [Fact]
    public async Task Every_budget_goes_on_where_it_was()
    {
        FirstScript.Always(Answer);
        var scopes = new[] { "global", "user:bob", "tag:nightly", "model:acme/small", "provider:FIRST", "key:team-a" };
        await using (var gateway = await StartAsync([Ledger, .. Budgets]))
        {
            await gateway.PostAsync(Hello(streaming: false, ("user", "bob"), ("metadata", new { tags = new[] { "nightly" } })));
            await gateway.PostAsync(Hello(streaming: true, ("user", "bob"), ("metadata", new { tags = new[] { "nightly" } })));
        }

        await using (var gateway = await StartAsync([Ledger, .. Budgets]))
        {
            foreach (var scope in scopes)
                Assert.Equal((scope, 2 * AnswerCost), (scope, (await BalanceAsync(gateway, scope)).Spent.ToUsd()));
        }

        // A day later the daily windows are empty, the others are not.
        Time.Shift = TimeSpan.FromHours(26);
        await using (var gateway = await StartAsync([Ledger, .. Budgets]))
        {
            Assert.Equal(0, (await BalanceAsync(gateway, "provider:FIRST")).Spent.Value);
            Assert.Equal(2 * AnswerCost, (await BalanceAsync(gateway, "tag:nightly")).Spent.ToUsd());
            Assert.DoesNotContain(
                await Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<MeaiRouter.Budgets.BudgetBook>(gateway.Services).SnapshotAsync(),
                balance => balance.Scope == "user:bob" && balance.Spent.Value > 0);
        }
    }

    [Fact]
    public async Task While_the_database_is_down_at_the_start_callers_are_asked_to_come_back_and_strangers_are_not_called_unknown()
    {
        FirstScript.Always(Answer);

        // A file that is no database fails as one that cannot be reached does.
        await File.WriteAllTextAsync(DatabasePath, new string('x', 8192));
        await using var gateway = await StartAsync(Ledger);

        foreach (var key in (string[])[Key, "sk-mr-v1-of-a-key-in-the-database"])
        {
            var answer = await gateway.PostAsync(Hello(streaming: false), key);
            Assert.Equal((503, "server"), (answer.Status, (string?)answer.Error["metadata"]!["error_type"]));
        }

        var starting = await gateway.GetAsync("/health/ready", AdminKey);
        Assert.Equal((503, "Unhealthy"), (starting.Status, (string?)starting.Json["status"]));
        Assert.Equal(
            ["gateway-routes Healthy", "gateway-accounts Unhealthy", "gateway-ledger Degraded", "gateway-ledger-lag Healthy"],
            starting.Json["checks"]!.AsArray().Select(static check => $"{check!["name"]} {check["status"]}"));
        Assert.DoesNotContain(DatabasePath, starting.Json["checks"]![2]!["description"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.GetAsync("/health/live", null)).Status);
        Assert.Equal(503, (await ManageAsync(gateway, HttpMethod.Post, "/keys", new { name = "team-b" })).Status);
        Assert.Equal(503, (await gateway.GetAsync("/v1/activity", AdminKey)).Status);
        Assert.Equal(0, First.RequestCount);

        // Once it is there, everything is, without a restart.
        File.Delete(DatabasePath);
        using var patience = new CancellationTokenSource(Patience);
        while ((await gateway.GetAsync("/health/ready", null)).Status != 200)
            await Task.Delay(50, patience.Token);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming: false))).Status);
        Assert.Equal(401, (await gateway.PostAsync(Hello(streaming: false), "sk-mr-v1-of-a-key-in-the-database")).Status);
    }
}

using MeaiRouter.Budgets;
using MeaiRouter.Catalog;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MeaiRouter.Gateway.Tests.Hosting;

/// <summary>The gateway's part of the configuration changes together with the router's, or neither does.</summary>
public sealed class ReloadTests : GatewayTest
{
    private const string Keys = "MeaiRouter:Gateway:Keys";

    [Fact]
    public async Task Keys_come_and_go_and_are_allowed_something_else_from_the_next_request_on()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(10, 5));
        Assert.Equal(401, (await AskAsync("sk-second-0123456789")).Status);

        Gateway.Reconfigure((Keys + ":1:Name", "team-b"), (Keys + ":1:Key", "sk-second-0123456789"), (Keys + ":0:Policy:IgnoredModels:0", "*"), ("MeaiRouter:Gateway:AdminKey", "sk-admin-0123456789"));
        Assert.Equal(200, (await AskAsync("sk-second-0123456789")).Status);
        Assert.Equal(404, (await AskAsync(Key)).Status);
        Assert.Equal(200, (await Gateway.GetAsync("/v1/keys", "sk-admin-0123456789")).Status);

        Gateway.Reconfigure((Keys + ":1:Name", null), (Keys + ":1:Key", null), (Keys + ":0:Policy:IgnoredModels:0", null), ("MeaiRouter:Gateway:AdminKey", "sk-other-0123456789"));
        Assert.Equal(401, (await AskAsync("sk-second-0123456789")).Status);
        Assert.Equal(200, (await AskAsync(Key)).Status);
        Assert.Equal(401, (await Gateway.GetAsync("/v1/keys", "sk-admin-0123456789")).Status);
        Assert.Equal(200, (await Gateway.GetAsync("/v1/keys", "sk-other-0123456789")).Status);
    }

    [Fact]
    public async Task The_limit_of_a_key_changes_and_what_it_has_spent_stays()
    {
        FirstScript.Always(Reply.Text("Hello").WithUsage(1_000, 500));
        Gateway.Reconfigure((Keys + ":0:LimitUsd", "50"));
        await AskAsync(Key);
        var book = Gateway.Services.GetRequiredService<BudgetBook>();
        var before = Assert.Single(await book.SnapshotAsync());
        Assert.Equal(50, before.Budget.LimitUsd);
        Assert.True(before.Spent > default(NanoUsd));

        Gateway.Reconfigure((Keys + ":0:LimitUsd", "0.0001"));

        var after = Assert.Single(await book.SnapshotAsync());
        Assert.Equal((0.0001m, before.Spent), (after.Budget.LimitUsd, after.Spent));
        Assert.Equal(402, (await AskAsync(Key)).Status);
    }

    [Fact]
    public async Task Limits_pages_and_the_log_of_calls_change_with_the_next_request()
    {
        FirstScript.Always(Reply.Text("Hello"));
        Assert.Equal(405, (await Gateway.SendAsync(HttpMethod.Options, "/v1/chat/completions", null, Key)).Status);
        Assert.DoesNotContain(Gateway.Log.Lines, line => line.Text.StartsWith("POST /v1/chat/completions", StringComparison.Ordinal));

        Gateway.Reconfigure(
            ("MeaiRouter:Gateway:Cors:Origins:0", "https://app.example.com"), ("MeaiRouter:Gateway:AccessLog", "true"),
            ("MeaiRouter:Gateway:Limits:MaxBodyBytes", "200"), ("MeaiRouter:Gateway:Limits:MaxMessages", "1"));

        Assert.Equal(204, (await Gateway.SendAsync(HttpMethod.Options, "/v1/chat/completions", null, Key)).Status);
        Assert.Equal(200, (await AskAsync(Key)).Status);
        // The line comes after the answer.
        Assert.True(SpinWait.SpinUntil(
            () => Gateway.Log.Lines.Any(static line => line.Text.StartsWith("POST /v1/chat/completions 200", StringComparison.Ordinal)), TimeSpan.FromSeconds(20)));
        Assert.Equal(413, (await AskAsync(Key, new string('a', 300))).Status);
    }

    [Fact]
    public async Task An_error_in_one_part_leaves_both_as_they_were()
    {
        FirstScript.Always(Reply.Text("Hello"));

        Gateway.Reconfigure((Keys + ":0:Key", "short"), ("MeaiRouter:Providers:first:ApiKey", "wrong"), ("MeaiRouter:Fallback:MaxAttempts", "0"));

        Assert.Equal("first", (await AskAsync(Key)).Provider);
        var error = Assert.Single(Gateway.Log.Lines, line => line.Level == LogLevel.Error).Text;
        Assert.Contains("MeaiRouter:Gateway:Keys:0:Key: has fewer than 8 characters.", error, StringComparison.Ordinal);
        Assert.Contains("MeaiRouter:Fallback:MaxAttempts: '0' is not a whole number of at least 1.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_has_lost_its_keys_does_not_open_the_gateway()
    {
        Gateway.Reconfigure((Keys + ":0:Name", null), (Keys + ":0:Key", null));

        Assert.Equal(401, (await AskAsync("anything-at-all")).Status);
        Assert.Contains(
            "MeaiRouter:Gateway:Keys: there is no key any more, which would let everybody in. If that is meant, restart the gateway.",
            Gateway.Services.GetRequiredService<LiveCatalog>().LastError!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_needs_a_restart_is_named_beside_what_was_taken_over()
    {
        Gateway.Reconfigure(
            ("MeaiRouter:Gateway:Ledger", "Data Source=other.db;Password=secret"), ("MeaiRouter:Gateway:Docs", "false"), ("MeaiRouter:Gateway:FetchMedia:AllowHttp", "true"),
            ("MeaiRouter:Gateway:Limits:MaxHeaderBytes", "4096"), ("MeaiRouter:Gateway:Limits:MaxMessages", "9"), ("MeaiRouter:Fallback:MaxAttempts", "2"));

        Assert.Equal(
            [
                "The changed configuration is in force for every request that begins from now on. Taken over: Fallback:MaxAttempts, Gateway:Limits:MaxMessages.",
                "Some settings have changed that are read only at the start. Needs a restart: Gateway:Docs, Gateway:FetchMedia:AllowHttp, Gateway:Ledger, Gateway:Limits:MaxHeaderBytes.",
            ],
            Gateway.Log.Lines.Where(line => line.Category == "MeaiRouter.Configuration").Select(line => line.Text));
    }

    [Fact]
    public void What_is_again_as_it_was_at_the_start_needs_no_restart()
    {
        Gateway.Reconfigure(("MeaiRouter:Gateway:Docs", "false"));
        Gateway.Reconfigure(("MeaiRouter:Gateway:Docs", null), ("MeaiRouter:Fallback:MaxAttempts", "2"));

        Assert.Equal(
            [
                "Some settings have changed that are read only at the start. Needs a restart: Gateway:Docs.",
                "The changed configuration is in force for every request that begins from now on. Taken over: Fallback:MaxAttempts.",
            ],
            Gateway.Log.Lines.Where(line => line.Category == "MeaiRouter.Configuration").Select(line => line.Text));
    }

    [Fact]
    public async Task The_plan_and_the_list_of_models_are_those_of_the_configuration_in_force()
    {
        Gateway.Reconfigure(("MeaiRouter:Routing:Strategy", "latency"), ("MeaiRouter:Routing:Policy:IgnoredProviders:0", "first"));

        var plan = (await Gateway.PostAsync(Body("Hello"), path: "/v1/route")).Json;
        Assert.Equal(("latency", "second"), ((string?)plan["strategy"], (string?)plan["candidates"]![0]!["provider"]));
        var endpoints = (await Gateway.GetAsync($"/v1/models/{Model}/endpoints")).Json["data"]!["endpoints"]!.AsArray();
        Assert.Single(endpoints);
    }

    private static object Body(string text) => new { model = Model, messages = new[] { new { role = "user", content = text } } };

    private Task<HttpAnswer> AskAsync(string key, string text = "Hello") => Gateway.PostAsync(Body(text), key);
}

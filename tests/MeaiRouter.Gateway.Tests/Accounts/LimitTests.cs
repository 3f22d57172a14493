using System.Net.Http.Json;
using MeaiRouter.Budgets;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Pricing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Accounts;

/// <summary>What a key may spend and how often it may ask, enforced and told over HTTP.</summary>
public sealed class LimitTests : AccountTest
{
    // The bytes of the prompt at 0.5 and 200 tokens at 2.5, the price of reasoning, per million: what a call is held at.
    private static readonly (string, object?)[] Bounded = [("max_tokens", 200), ("provider", new { only = new[] { "first" } })];

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_key_without_room_is_402_and_told_whose_limit_and_what_would_fit(bool streaming)
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(("MeaiRouter:Gateway:Keys:0:LimitUsd", "0.0008"), ("MeaiRouter:Gateway:Keys:0:LimitReset", "daily"));

        Assert.Equal("Hello there", (await gateway.PostAsync(Hello(streaming, Bounded))).Text);
        var refused = await gateway.PostAsync(Hello(streaming, Bounded));

        Assert.Equal((402, "application/json"), (refused.Status, refused.ContentType));
        var budget = refused.Error["metadata"]!["budget"]!;
        Assert.Equal("payment_required", (string?)refused.Error["metadata"]!["error_type"]);
        var resets = new DateTimeOffset(DateTime.UtcNow.Date.AddDays(1), TimeSpan.Zero);
        HttpAnswer.AssertJson(
            $$"""{ "scope": "key:team-a", "measure": "usd", "window": "daily", "limit": 0.0008, "spent": {{AnswerCost}}, "reserved": 0, "resets_at": "{{resets:yyyy-MM-dd'T'HH:mm:ss'Z'}}" }""",
            budget, "needed", "fitting_max_tokens");
        Assert.InRange(Number(budget["needed"]), 0.0005m, 0.0007m);

        // What is said to fit does fit, and one token more does not.
        var fitting = (int)budget["fitting_max_tokens"]!;
        Assert.Equal(402, (await gateway.PostAsync(Hello(streaming, ("max_tokens", fitting + 1), Bounded[1]))).Status);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming, ("max_tokens", fitting), Bounded[1]))).Status);
        Assert.Equal(2, First.RequestCount);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Requests_beyond_the_rate_are_429_and_told_when_to_come_back(bool streaming)
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(("MeaiRouter:Gateway:Keys:0:RequestsPerMinute", "2"));

        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming))).Status);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming))).Status);
        var refused = await gateway.PostAsync(Hello(streaming));

        Assert.Equal(429, refused.Status);
        Assert.Equal(("2", "0"), (refused.Headers["X-RateLimit-Limit"], refused.Headers["X-RateLimit-Remaining"]));
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 61);
        var reset = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(refused.Headers["X-RateLimit-Reset"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.InRange(reset - DateTimeOffset.UtcNow, TimeSpan.Zero, TimeSpan.FromSeconds(62));
        Assert.Equal("requests_per_minute", (string?)refused.Error["metadata"]!["budget"]!["measure"]);

        Time.Shift = TimeSpan.FromSeconds(63);
        Assert.Equal(200, (await gateway.PostAsync(Hello(streaming))).Status);
    }

    [Fact]
    public async Task Two_hundred_callers_who_come_and_go_never_pass_the_limit_of_their_key()
    {
        const int callers = 200;
        var random = new Random(20261120);
        FirstScript.Always(Answer.WithPace(TimeSpan.FromMilliseconds(5)));
        await using var gateway = await StartAsync();
        var (secret, _) = await CreateAsync(gateway, new { name = "team-b", limit = 0.02m });
        var limit = NanoUsd.FromUsd(0.02m);
        var isOver = false;
        var watch = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                var balance = await BalanceAsync(gateway, "key:team-b");
                Assert.True(balance.Spent + balance.Reserved <= limit, $"{balance.Spent} + {balance.Reserved}");
                await Task.Yield();
            }
        });

        var plans = Enumerable.Range(0, callers).Select(_ => (IsStreamed: random.Next(2) == 0, LeavesAfter: random.Next(3) == 0 ? random.Next(1, 60) : 0)).ToList();
        var answers = await Task.WhenAll(plans.Select(async plan =>
        {
            using var leaves = new CancellationTokenSource();
            if (plan.LeavesAfter > 0)
                leaves.CancelAfter(plan.LeavesAfter);
            try
            {
                using var response = await gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(plan.IsStreamed, Bounded)), secret, leaves.Token);
                await response.Content.ReadAsStringAsync(leaves.Token);
                return (int)response.StatusCode;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        }));

        // Those who left are settled soon after, not at once.
        using var patience = new CancellationTokenSource(Patience);
        BudgetBalance last;
        while ((last = await BalanceAsync(gateway, "key:team-b")) is not { Reserved.Value: 0, InFlight: 0 })
            await Task.Delay(10, patience.Token);
        Volatile.Write(ref isOver, true);
        await watch;

        Assert.Subset(new HashSet<int> { 0, 200, 402 }, answers.ToHashSet());
        Assert.Contains(200, answers);
        Assert.Contains(402, answers);
        Assert.InRange(last.Spent.ToUsd(), answers.Count(status => status == 200) * AnswerCost, 0.02m);
        Assert.Equal(last.Spent.ToUsd(), gateway.Ledger.Records.Sum(record => record.Cost!.Value.ToUsd()));
        Assert.Equal(last.Spent.ToUsd(), 0.02m - Number((await OwnAsync(gateway, secret))["limit_remaining"]));
    }

    [Fact]
    public async Task A_changed_limit_keeps_what_was_spent()
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync();
        var (secret, hash) = await CreateAsync(gateway, new { name = "team-b", limit = 1 });
        await gateway.PostAsync(Hello(streaming: false), secret);

        await ManageAsync(gateway, HttpMethod.Patch, $"/keys/{hash}", new { limit = 2 });

        Assert.Equal(2 - AnswerCost, Number((await OwnAsync(gateway, secret))["limit_remaining"]));
    }

    [Fact]
    public async Task A_limit_of_the_key_and_a_configured_budget_of_the_same_window_both_hold()
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(
            ("MeaiRouter:Gateway:Keys:0:LimitUsd", "5"), ("MeaiRouter:Gateway:Keys:0:LimitReset", "monthly"), ("MeaiRouter:Gateway:Keys:0:RequestsPerMinute", "7"),
            ("MeaiRouter:Budgets:0:Scope", "key:TEAM-A"), ("MeaiRouter:Budgets:0:Window", "monthly"), ("MeaiRouter:Budgets:0:LimitUsd", "3"));

        var budget = Assert.Single(gateway.Services.GetRequiredService<BudgetBook>().Budgets);

        Assert.Equal((3m, 7), (budget.LimitUsd, budget.RequestsPerMinute));
    }

    [Fact]
    public async Task Users_and_tags_of_requests_have_budgets_of_their_own()
    {
        FirstScript.Always(Answer);
        await using var gateway = await StartAsync(
            ("MeaiRouter:Budgets:0:Scope", "user:*"), ("MeaiRouter:Budgets:0:LimitUsd", "1"),
            ("MeaiRouter:Budgets:1:Scope", "tag:nightly"), ("MeaiRouter:Budgets:1:LimitUsd", "1"),
            ("MeaiRouter:Budgets:2:Scope", "tag:app:Notes"), ("MeaiRouter:Budgets:2:LimitUsd", "1"));

        await gateway.PostWithAsync(Hello(streaming: false, ("user", "bob"), ("metadata", new { tags = "nightly, batch", ticket = "4711" })), Key, ("X-Title", "Notes"));

        Assert.All(["user:bob", "tag:nightly", "tag:app:Notes"], scope => Assert.Equal(AnswerCost, BalanceAsync(gateway, scope).Result.Spent.ToUsd()));
        var record = await gateway.Ledger.SingleAsync();
        Assert.Equal(("team-a", "bob"), (record.Key, record.User));
        Assert.Equal(["nightly", "batch", "app:Notes"], record.Tags);
    }
}

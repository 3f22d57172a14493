using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Costs.Reports;
using MeaiRouter.Pricing;

namespace MeaiRouter.Core.Tests.Budgets;

/// <summary>Budgets learn from a ledger what was spent before them.</summary>
public sealed class RestoreTests
{
    // A Wednesday.
    private static readonly DateTimeOffset Now = new(2026, 3, 18, 10, 30, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryLedger _ledger = new();

    public RestoreTests() => _time.Advance(Now - _time.GetUtcNow());

    [Theory]
    [InlineData("lifetime", 15)]
    [InlineData("monthly", 7)]
    [InlineData("weekly", 3)]
    [InlineData("daily", 1)]
    [InlineData("24h", 3)]
    public async Task What_was_spent_in_the_window_counts_and_nothing_before_it(string window, int dollars)
    {
        await SpendAsync(new(2026, 2, 28, 23, 59, 0, TimeSpan.Zero), 8);
        await SpendAsync(new(2026, 3, 15, 23, 0, 0, TimeSpan.Zero), 4);
        await SpendAsync(new(2026, 3, 17, 20, 0, 0, TimeSpan.Zero), 2);
        await SpendAsync(new(2026, 3, 18, 0, 0, 0, TimeSpan.Zero), 1);

        Assert.Equal(dollars, (await RestoredAsync(new Budget(BudgetScope.Global, BudgetWindow.Parse(window)) { LimitUsd = 100 })).Single().Spent.ToUsd());
    }

    [Theory]
    [InlineData("global", 3)]
    [InlineData("key:TEAM-A", 1)]
    [InlineData("key:team-b", 2)]
    [InlineData("user:bob", 3)]
    [InlineData("user:Bob", 0)]
    [InlineData("tag:NIGHTLY", 1)]
    [InlineData("model:ACME/small", 3)]
    [InlineData("provider:acme", 3)]
    [InlineData("provider:other", 0)]
    public async Task Each_scope_counts_its_own(string scope, int dollars)
    {
        await SpendAsync(Now, 1, key: "team-a", tags: ["nightly", "batch"]);
        await SpendAsync(Now, 2, key: "Team-B");

        Assert.Equal(dollars, (await RestoredAsync(new Budget(BudgetScope.Parse(scope)) { LimitUsd = 100 })).Single().Spent.ToUsd());
    }

    [Fact]
    public async Task A_budget_for_each_key_has_an_account_for_each()
    {
        await SpendAsync(Now, 1, key: "team-a");
        await SpendAsync(Now, 2, key: "team-b");

        var balances = await RestoredAsync(new Budget(BudgetScope.Parse("key:*"), BudgetWindow.Daily) { LimitUsd = 100 });

        Assert.Equal([("key:team-a", 1m), ("key:team-b", 2m)], balances.Select(balance => (balance.Scope, balance.Spent.ToUsd())));
    }

    [Fact]
    public async Task An_account_that_has_counted_more_keeps_it_and_restoring_twice_counts_once()
    {
        await SpendAsync(Now, 2);
        foreach (var window in (BudgetWindow[])[BudgetWindow.Daily, BudgetWindow.Rolling(TimeSpan.FromHours(24))])
        {
            var budget = new Budget(BudgetScope.Global, window) { LimitUsd = 100 };
            var store = new InMemoryBudgetStore(_time);
            var book = new BudgetBook([budget], null, store, _time);
            await book.RestoreAsync(new InMemoryReports(_ledger));
            await book.RestoreAsync(new InMemoryReports(_ledger));
            Assert.Equal(2, (await book.SnapshotAsync()).Single().Spent.ToUsd());

            await store.SpendAsync(3, budget);
            await book.RestoreAsync(new InMemoryReports(_ledger));
            Assert.Equal(5, (await book.SnapshotAsync()).Single().Spent.ToUsd());
        }
    }

    [Fact]
    public async Task Restored_money_leaves_a_rolling_window_late_rather_than_early()
    {
        await SpendAsync(new(2026, 3, 18, 8, 10, 0, TimeSpan.Zero), 2);
        var book = new BudgetBook([new Budget(BudgetScope.Global, BudgetWindow.Rolling(TimeSpan.FromHours(4))) { LimitUsd = 100 }], null, null, _time);
        Assert.True(await book.RestoreAsync(new InMemoryReports(_ledger)));

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(2, (await book.SnapshotAsync()).Single().Spent.ToUsd());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, (await book.SnapshotAsync()).Single().Spent.ToUsd());
    }

    [Fact]
    public async Task Unpriced_attempts_count_as_the_budget_assumes()
    {
        await SpendAsync(Now, null);

        Assert.Equal(0.5m, (await RestoredAsync(new Budget(BudgetScope.Global) { LimitUsd = 100, AssumeUsdPerRequest = 0.5m })).Single().Spent.ToUsd());
    }

    [Fact]
    public async Task A_ledger_in_memory_says_how_many_records_its_sums_lack()
    {
        var small = new InMemoryLedger(capacity: 1);
        await small.AppendAsync(Record(Now, 1));
        await small.AppendAsync(Record(Now, 2));
        var reports = new InMemoryReports(small);

        var report = await reports.SummarizeAsync(new UsageQuery());

        Assert.Equal((1L, 2m, 1L), (report.Pending, report.Rows.Single().Cost.ToUsd(), report.Rows.Single().Requests));
        Assert.False(await new BudgetBook([new Budget(BudgetScope.Global) { LimitUsd = 9 }]).RestoreAsync(reports));
    }

    private async Task<IReadOnlyList<BudgetBalance>> RestoredAsync(Budget budget)
    {
        var book = new BudgetBook([budget], null, null, _time);
        Assert.True(await book.RestoreAsync(new InMemoryReports(_ledger)));
        return await book.SnapshotAsync();
    }

    private async Task SpendAsync(DateTimeOffset at, decimal? usd, string? key = null, params string[] tags) =>
        await _ledger.AppendAsync(Record(at, usd, key, tags));

    private static GenerationRecord Record(DateTimeOffset at, decimal? usd, string? key = null, params string[] tags) => new()
    {
        Id = Guid.NewGuid().ToString(),
        CreatedAt = at,
        Key = key,
        User = "bob",
        Tags = tags,
        Attempts =
        [
            new AttemptRecord
            {
                Provider = "acme",
                Model = "acme/small",
                StartedAt = at,
                Outcome = AttemptOutcome.Answered,
                Cost = usd is { } amount ? NanoUsd.FromUsd(amount) : null,
            },
        ],
    };
}

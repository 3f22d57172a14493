using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using static MeaiRouter.Core.Tests.Budgets.Demands;

namespace MeaiRouter.Core.Tests.Budgets;

public sealed class InMemoryBudgetStoreTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryBudgetStore _store;

    public InMemoryBudgetStoreTests() => _store = new(_time);

    [Fact]
    public async Task A_call_that_does_not_fit_one_budget_is_held_in_none()
    {
        Budget[] budgets = [Global(10), Key("a", 5), Key("b", 1)];
        await _store.HoldAsync(Of(1, budgets[0]));

        var decision = await _store.ReserveAsync(Of(2, budgets));

        Assert.Same(budgets[2], decision.RefusedBy);
        Assert.Null(decision.Reservation);
        Assert.Equal(
            new BudgetRefusal("key:b", BudgetMeasure.Usd) { Window = "lifetime", Limit = 1, Spent = 0, Reserved = 0, Needed = 2 }, decision.Refusal);
        Assert.Equal(["global $0 $1", "key:a $0 $0", "key:b $0 $0"], await _store.ToldAsync());
    }

    [Fact]
    public async Task A_reservation_is_settled_once_and_to_what_the_call_cost()
    {
        var budget = Global(10);
        var reservation = await _store.HoldAsync(Of(4, budget));
        Assert.Equal(["global $0 $4"], await _store.ToldAsync());

        await _store.SettleAsync(reservation, Usd(1.5m), 0);
        await _store.SettleAsync(reservation, Usd(3), 0);

        Assert.Equal(["global $1.5 $0"], await _store.ToldAsync());
    }

    [Fact]
    public async Task A_call_fits_to_the_last_nano_dollar_and_not_beyond()
    {
        var budget = Global(1);
        await _store.SpendAsync(0.4m, budget);
        await _store.HoldAsync(Of(0.5m, budget));

        Assert.Null(await _store.TryAsync(Of(0.100000001m, budget)));
        Assert.NotNull(await _store.TryAsync(Of(0.1m, budget)));
        Assert.NotNull(await _store.TryAsync(Of(0, budget)));
        Assert.Null(await _store.TryAsync(Of(0.000000001m, budget)));
    }

    [Fact]
    public async Task What_a_provider_charged_beyond_the_most_is_booked_in_full_and_told_apart()
    {
        var budget = Global(1);
        var reservation = await _store.HoldAsync(Of(1, budget));

        await _store.SettleAsync(reservation, Usd(1.2m), 0);

        var balance = Assert.Single(await _store.ReadAsync());
        Assert.Equal((Usd(1.2m), Usd(0.2m), Usd(0)), (balance.Spent, balance.Overrun, balance.Reserved));
        Assert.Null(await _store.TryAsync(Of(0.000000001m, budget)));
    }

    [Fact]
    public async Task A_new_limit_keeps_what_was_spent_under_the_old_one()
    {
        await _store.SpendAsync(4, Global(5));

        Assert.Null(await _store.TryAsync(Of(2, Global(5))));
        Assert.NotNull(await _store.TryAsync(Of(2, Global(6))));
    }

    [Theory]
    [InlineData("daily", 1)]
    [InlineData("weekly", 4)]
    [InlineData("monthly", 31)]
    public async Task A_fixed_window_starts_anew_at_its_end(string window, int days)
    {
        // The first of January 2026 is a Thursday.
        var budget = Global(1, window);
        await _store.SpendAsync(1, budget);
        Assert.Equal(Start.AddDays(days), Assert.Single(await _store.ReadAsync()).ResetsAt);

        _time.Advance(TimeSpan.FromDays(days) - TimeSpan.FromTicks(1));
        var refusal = (await _store.ReserveAsync(Of(1, budget))).Refusal!;
        Assert.Equal((1m, Start.AddDays(days)), (refusal.Spent, refusal.ResetsAt));

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.NotNull(await _store.TryAsync(Of(1, budget)));
    }

    [Fact]
    public async Task A_call_that_runs_across_the_end_of_a_window_stays_held_and_is_booked_in_the_next()
    {
        var budget = Global(1, "monthly");
        _time.Advance(TimeSpan.FromDays(31) - TimeSpan.FromMinutes(1));
        var reservation = await _store.HoldAsync(Of(0.75m, budget));

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await _store.TryAsync(Of(0.5m, budget)));
        await _store.SettleAsync(reservation, Usd(0.6m), 0);

        var balance = Assert.Single(await _store.ReadAsync());
        Assert.Equal((Usd(0.6m), Usd(0), new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero)), (balance.Spent, balance.Reserved, balance.ResetsAt!.Value));
    }

    [Fact]
    public async Task A_lifetime_never_starts_anew()
    {
        await _store.SpendAsync(1, Global(1));
        _time.Advance(TimeSpan.FromDays(10_000));

        Assert.Null(await _store.TryAsync(Of(1, Global(1))));
        Assert.Null(Assert.Single(await _store.ReadAsync()).ResetsAt);
    }

    [Fact]
    public async Task Money_leaves_a_rolling_window_when_it_is_as_old_as_the_window_and_at_most_a_sixtieth_later()
    {
        var budget = Global(3, "24h");
        await _store.SpendAsync(1, budget);
        _time.Advance(TimeSpan.FromHours(10));
        await _store.SpendAsync(2, budget);

        _time.Advance(TimeSpan.FromHours(14));
        var refusal = (await _store.ReserveAsync(Of(1, budget))).Refusal!;
        Assert.Equal((3m, Start.AddMinutes((24 * 60) + 24)), (refusal.Spent, refusal.ResetsAt!.Value));

        _time.Advance(TimeSpan.FromMinutes(24));
        Assert.Equal(["global $2 $0"], await _store.ToldAsync());
        await _store.SpendAsync(1, budget);
        Assert.Null(await _store.TryAsync(Of(1, budget)));

        _time.Advance(TimeSpan.FromHours(10));
        Assert.Equal(["global $1 $0"], await _store.ToldAsync());
        _time.Advance(TimeSpan.FromMinutes((24 * 60) + 24));
        Assert.Equal(["global $0 $0"], await _store.ToldAsync());
    }

    [Theory]
    [InlineData("lifetime")]
    [InlineData("24h")]
    public async Task A_reservation_whose_holder_died_is_booked_as_it_stood_until_its_true_cost_arrives(string window)
    {
        var budget = Global(10, window);
        var reservation = await _store.HoldAsync(Of(4, budget));

        _time.Advance(Lease - TimeSpan.FromTicks(1));
        Assert.Equal(["global $0 $4"], await _store.ToldAsync());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(["global $4 $0"], await _store.ToldAsync());

        await _store.SettleAsync(reservation, Usd(1), 0);
        Assert.Equal(["global $1 $0"], await _store.ToldAsync());
        await _store.SettleAsync(reservation, Usd(2), 0);
        Assert.Equal(["global $1 $0"], await _store.ToldAsync());
    }

    [Theory]
    [InlineData(1, "$0")]
    [InlineData(6, "$2")]
    public async Task What_was_booked_for_a_dead_holder_in_a_window_that_is_over_stays_there(int cost, string spent)
    {
        var budget = Global(10, "daily");
        var reservation = await _store.HoldAsync(Of(4, budget));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(["global $4 $0"], await _store.ToldAsync());

        _time.Advance(TimeSpan.FromDays(1));
        await _store.SettleAsync(reservation, Usd(cost), 0);

        Assert.Equal([$"global {spent} $0"], await _store.ToldAsync());
    }

    [Fact]
    public async Task Shares_of_a_limit_are_told_once_in_a_window()
    {
        var budget = Global(10, "daily") with { Soft = true };
        Assert.Equal([], await SharesAsync(7.99m, budget));
        Assert.Equal([0.8m], await SharesAsync(0.01m, budget));
        Assert.Equal([], await SharesAsync(1, budget));
        Assert.Equal([1m], await SharesAsync(5, budget));
        Assert.Equal([], await SharesAsync(50, budget));

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal([0.8m, 1m], await SharesAsync(12, budget));
    }

    [Fact]
    public async Task Shares_of_a_limit_over_a_rolling_window_are_told_once_in_its_length()
    {
        var budget = Global(10, "60m");
        Assert.Equal([0.8m], await SharesAsync(8, budget));
        _time.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal([1m], await SharesAsync(2, budget));

        // The first charge has left; the next one reaches the share again, and is told as the length has passed.
        _time.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal([0.8m], await SharesAsync(7, budget));
    }

    [Fact]
    public async Task Accounts_that_count_nothing_any_more_are_forgotten_and_others_never()
    {
        var store = new InMemoryBudgetStore(_time, capacity: 4);
        var each = new Budget(BudgetScope.Parse("user:*"), BudgetWindow.Daily) { LimitUsd = 1 };
        BudgetDemand For(string user, decimal usd) => Of(usd, 0, new BudgetClaim(each, user, false));
        async Task SpendAsync(string user) => await store.SettleAsync(await store.HoldAsync(For(user, 1)), Usd(1), 0);

        foreach (var user in (string[])["a", "b", "c", "d"])
            await SpendAsync(user);

        var refused = await store.ReserveAsync(For("e", 1));
        Assert.Same(each, refused.RefusedBy);
        Assert.Equal(
            new BudgetRefusal("user:e", BudgetMeasure.Accounts) { Window = "daily", Limit = 4, Spent = 4, Reserved = 0, Needed = 1 }, refused.Refusal);
        Assert.Null(await store.TryAsync(For("a", 1)));

        _time.Advance(TimeSpan.FromDays(1));
        await SpendAsync("a");
        await SpendAsync("e");
        Assert.Equal(["user:a $1 $0", "user:e $1 $0"], await store.ToldAsync());
        Assert.Equal(2, store.Count);
    }

    [Fact]
    public async Task Users_who_come_once_leave_no_trace_once_their_window_is_over()
    {
        var each = new Budget(BudgetScope.Parse("user:*"), BudgetWindow.Parse("1h")) { LimitUsd = 1 };
        for (var i = 0; i < 100_000; i++)
        {
            await _store.SettleAsync(await _store.HoldAsync(Of(1, 0, new BudgetClaim(each, $"u{i}", false))), Usd(1), 0);
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        // An hour holds 360 of them; twice as many may wait to be forgotten.
        Assert.InRange(_store.Count, 360, 1_100);
    }

    [Fact]
    public async Task Requests_count_in_a_minute_whether_they_have_ended_or_not()
    {
        var budget = new Budget(BudgetScope.Global) { RequestsPerMinute = 2 };
        var claim = new BudgetClaim(budget, "", true);
        await _store.SettleAsync(await _store.HoldAsync(Of(0, 0, claim)), Usd(0), 0);
        _time.Advance(TimeSpan.FromSeconds(30));
        await _store.HoldAsync(Of(0, 0, claim));

        Assert.Equal(
            new BudgetRefusal("global", BudgetMeasure.RequestsPerMinute) { Window = "lifetime", Limit = 2, Spent = 2, Reserved = 0, Needed = 1, ResetsAt = Start.AddSeconds(61) },
            (await _store.ReserveAsync(Of(0, 0, claim))).Refusal);

        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull(await _store.TryAsync(Of(0, 0, claim)));
        Assert.Null(await _store.TryAsync(Of(0, 0, claim)));
    }

    [Fact]
    public async Task Tokens_are_held_at_the_most_and_booked_as_they_were()
    {
        var claim = new BudgetClaim(new Budget(BudgetScope.Global) { TokensPerMinute = 100 }, "", false);
        var reservation = await _store.HoldAsync(Of(0, 90, claim));

        var refusal = (await _store.ReserveAsync(Of(0, 20, claim))).Refusal!;
        Assert.Equal((BudgetMeasure.TokensPerMinute, 100m, 0m, 90m, (decimal?)20), (refusal.Measure, refusal.Limit, refusal.Spent, refusal.Reserved, refusal.Needed));

        await _store.SettleAsync(reservation, Usd(0), 30);
        Assert.Equal(30, Assert.Single(await _store.ReadAsync()).Tokens);
        Assert.NotNull(await _store.TryAsync(Of(0, 70, claim)));
    }

    [Fact]
    public async Task A_call_that_may_use_more_tokens_than_the_limit_is_let_through_alone()
    {
        var claim = new BudgetClaim(new Budget(BudgetScope.Global) { TokensPerMinute = 100 }, "", false);
        var reservation = await _store.HoldAsync(Of(0, 5_000, claim));

        Assert.Null(await _store.TryAsync(Of(0, 1, claim)));
        await _store.SettleAsync(reservation, Usd(0), 40);
        Assert.Null(await _store.TryAsync(Of(0, 5_000, claim)));
        Assert.NotNull(await _store.TryAsync(Of(0, 60, claim)));
    }

    [Fact]
    public async Task Places_are_taken_until_their_calls_end()
    {
        var claim = new BudgetClaim(new Budget(BudgetScope.Global) { Concurrency = 1 }, "", true);
        var reservation = await _store.HoldAsync(Of(0, 0, claim));

        Assert.Equal(
            new BudgetRefusal("global", BudgetMeasure.Concurrency) { Window = "lifetime", Limit = 1, Spent = 0, Reserved = 1, Needed = 1 },
            (await _store.ReserveAsync(Of(0, 0, claim))).Refusal);
        await _store.SettleAsync(reservation, Usd(0), 0);
        Assert.NotNull(await _store.TryAsync(Of(0, 0, claim)));

        // A holder that died does not keep its place for ever.
        _time.Advance(Lease);
        Assert.NotNull(await _store.TryAsync(Of(0, 0, claim)));
    }

    [Fact]
    public async Task A_budget_that_overcommits_holds_what_is_expected_and_still_has_room_for_the_most_of_the_new_call()
    {
        var budget = Global(10) with { Overcommit = 3 };
        BudgetDemand Demand(decimal most, decimal expected) => Of(most, budget) with { Expected = Usd(expected) };

        foreach (var _ in Enumerable.Range(0, 6))
            await _store.HoldAsync(Demand(5, 0.5m));
        Assert.Equal(["global $0 $3"], await _store.ToldAsync());

        // Six calls could cost 30, which is three times the limit.
        Assert.Null(await _store.TryAsync(Demand(5, 0.5m)));

        var other = new InMemoryBudgetStore(_time);
        await other.HoldAsync(Demand(5, 4));
        await other.HoldAsync(Demand(5, 4));
        Assert.Null(await other.TryAsync(Demand(5, 0.1m)));
    }

    private async Task<IEnumerable<decimal>> SharesAsync(decimal usd, Budget budget)
    {
        var reservation = await _store.HoldAsync(Of(usd, budget));
        return (await _store.SettleAsync(reservation, Usd(usd), 0)).Select(warning => warning.Share);
    }

    private static Budget Global(decimal limit, string window = "lifetime") => new(BudgetScope.Global, BudgetWindow.Parse(window)) { LimitUsd = limit };

    private static Budget Key(string name, decimal limit) => new(BudgetScope.Of(BudgetScopeKind.Key, name)) { LimitUsd = limit };
}

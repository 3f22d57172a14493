using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Budgets;

public sealed class CalibrationTests
{
    private static readonly NanoUsd Most = new(1_000);

    private readonly Calibration _calibration = new();

    [Fact]
    public void Until_enough_calls_have_ended_the_most_is_expected()
    {
        Observe(10, times: 19);
        Assert.Equal(Most, Expect());

        Observe(10, times: 1);
        Assert.Equal(new NanoUsd(10), Expect());
        Assert.Equal(new NanoUsd(31), _calibration.Expect("m", "a", new NanoUsd(3_001)));
    }

    [Fact]
    public void The_dearest_call_is_remembered_for_a_hundred_calls_and_forgotten_after_two_hundred()
    {
        Observe(700, times: 1);
        Observe(10, times: 198);
        Assert.Equal(new NanoUsd(700), Expect());

        Observe(10, times: 1);
        Assert.Equal(new NanoUsd(10), Expect());
    }

    [Fact]
    public void No_more_than_the_most_is_ever_expected()
    {
        Observe(5_000, times: 20);

        Assert.Equal(Most, Expect());
    }

    [Theory]
    [InlineData("m", "b")]
    [InlineData("n", "a")]
    public void Other_models_and_callers_teach_nothing(string model, string caller)
    {
        Observe(10, times: 50);

        Assert.Equal(Most, _calibration.Expect(model, caller, Most));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_budget_that_overcommits_holds_less_once_it_has_seen_what_calls_cost(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };
        var answers = Enumerable.Repeat(FakeChatClient.Answer("Hello", usage), 20);
        var provider = new FakeChatClient([.. answers, [gate.Task, .. FakeChatClient.Answer("Hello", usage)]]);
        var budgets = new BudgetBook([new Budget(BudgetScope.Global) { LimitUsd = 1, Overcommit = 2 }]);
        using var client = new BudgetChatClient(provider, budgets, new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 10) }));
        var options = new ChatOptions { ModelId = "m", MaxOutputTokens = 1_000 };

        for (var i = 0; i < 20; i++)
        {
            await client.AskAsync(streaming, options);
            await provider.CalledAsync();
        }

        var asking = client.AskAsync(streaming, options);
        await provider.CalledAsync();
        var balance = Assert.Single(await budgets.SnapshotAsync());
        gate.SetResult();
        await asking;

        // Each call cost $0.00006 of the $0.01004 it could have.
        Assert.Equal((new NanoUsd(20 * 60_000), new NanoUsd(60_000)), (balance.Spent, balance.Reserved));
    }

    private void Observe(long cost, int times)
    {
        for (var i = 0; i < times; i++)
            _calibration.Observe("m", "a", new NanoUsd(cost), Most);
    }

    private NanoUsd Expect() => _calibration.Expect("m", "a", Most);
}

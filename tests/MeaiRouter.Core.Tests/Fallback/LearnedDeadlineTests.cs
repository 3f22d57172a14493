using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>Deadlines that follow how long an endpoint's answers take, and hedges that are asked for.</summary>
public sealed class LearnedDeadlineTests
{
    private static readonly TimeSpan Soft = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_model_that_thinks_for_a_minute_is_neither_killed_nor_after_two_answers_paid_for_twice(bool streaming)
    {
        var (thinking, beside) = (Thinking(Minute), Thinking(Minute));
        var pipeline = Pipeline(thinking, beside);

        for (var i = 0; i < 2; i++)
        {
            var asked = pipeline.AskAsync(streaming);
            await PassAsync(Soft);
            await beside.CalledAsync();
            await PassAsync(Minute - Soft);
            var learning = await asked;
            Assert.Equal(("Hello", 2), (learning.Text, learning.Trace().Attempts.Count));
            Assert.Equal(["a Answered", "b Superseded"], learning.Trace().Attempts.Told());

            // Its thinking would end when the next soft deadline does.
            await beside.Calls[i].Ended.Soon();
        }

        var known = pipeline.AskAsync(streaming);
        await _time.ArmedAsync(Minute * 1.25);
        _time.Advance(Minute);

        Assert.Equal(["a Answered"], (await known).Trace().Attempts.Told());
        Assert.Equal((3, 2), (thinking.Calls.Count, beside.Calls.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_loser_is_cancelled_and_what_it_may_have_cost_is_booked(bool streaming)
    {
        var (thinking, beside) = (Thinking(TimeSpan.FromSeconds(30)), FakeChatClient.Playing(Step.Silence));

        var asked = Pipeline(thinking, beside).AskAsync(streaming);
        await PassAsync(Soft);
        await beside.CalledAsync();
        await PassAsync(TimeSpan.FromSeconds(20));
        await asked;

        await beside.Call.Cancelled.Soon();
        var loser = Assert.Single(_ledger.Records).Attempts[1];
        Assert.Equal((AttemptOutcome.Superseded, true), (loser.Outcome, loser.Usage.IsEstimated));
        Assert.Equal(TestPipeline.Price(1).CostOf(loser.Usage), loser.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Silence_of_one_that_usually_answers_at_once_is_not_borne_longer_for_one_slow_answer(bool streaming)
    {
        var wait = TimeSpan.Zero;
        var usual = new FakeChatClient([Waits(() => wait), "Hello", ChatFinishReason.Stop]);
        var pipeline = Pipeline(usual, FakeChatClient.Answering("From the next."));
        foreach (var seconds in (int[])[0, 0, 9, 0, 0])
        {
            wait = TimeSpan.FromSeconds(seconds);
            var answered = pipeline.AskAsync(streaming);
            if (seconds > 0)
                await PassAsync(wait);
            await answered;
        }

        wait = TimeSpan.FromSeconds(20);
        var asked = pipeline.AskAsync(streaming);
        await PassAsync(Soft);

        Assert.Equal("From the next.", (await asked).Text);
    }

    [Fact]
    public async Task A_silence_of_twenty_seconds_is_answered_in_ten_without_any_configuration()
    {
        var pipeline = new FallbackChatClient(Thinking(TimeSpan.FromSeconds(20)), [FakeChatClient.Answering("Hello")], null, _time);

        var begun = _time.GetUtcNow();
        var response = await _time.Until(pipeline.AskAsync(streaming: true));

        Assert.Equal(["primary Failed Timeout", "backup 1 Answered"], response.Trace().Attempts.Told());
        Assert.InRange(_time.GetUtcNow() - begun, Soft, TimeSpan.FromSeconds(11));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hedge_that_is_asked_for_starts_once_the_answer_is_slower_than_usual_and_the_slow_one_is_not_blamed(bool streaming)
    {
        var usual = TimeSpan.FromSeconds(1);
        var (slow, hedge, pipeline) = await HedgedAsync(usual, streaming, new HedgingOptions());

        var asked = pipeline.AskAsync(streaming);
        await PassAsync(usual);
        var response = await asked;

        Assert.Equal("Hedged", response.Text);
        Assert.Equal(["a Superseded", "b Answered"], response.Trace().Attempts.Told());
        Assert.Equal(usual, response.Trace().Attempts[0].Duration);
        Assert.Equal((21, 1), (slow.Calls.Count, hedge.Calls.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_more_than_its_share_of_requests_is_hedged_and_the_soft_deadline_stays(bool streaming)
    {
        var usual = TimeSpan.FromSeconds(1);
        var (_, hedge, pipeline) = await HedgedAsync(usual, streaming, new HedgingOptions { MaxShare = 0.001 });
        var first = pipeline.AskAsync(streaming);
        await PassAsync(usual);
        await first;

        var second = pipeline.AskAsync(streaming);
        await PassAsync(usual);
        await PassAsync(Soft - usual);

        Assert.Equal(["a Failed Timeout", "b Answered"], (await second).Trace().Attempts.Told());
        Assert.Equal(2, hedge.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_is_hedged_when_the_retry_budget_is_used_up(bool streaming)
    {
        var usual = TimeSpan.FromSeconds(1);
        var (_, hedge, pipeline) = await HedgedAsync(usual, streaming, new HedgingOptions(), new RetryBudget(share: 0, floor: 0));

        var asked = pipeline.AskAsync(streaming);
        await PassAsync(usual);
        await _time.ArmedAsync(Soft - usual);

        Assert.Empty(hedge.Calls);
        _time.Advance(Soft - usual);
        Assert.Equal("Hedged", (await asked).Text);
    }

    private async Task<(FakeChatClient Slow, FakeChatClient Hedge, IChatClient Pipeline)> HedgedAsync(
        TimeSpan usual, bool streaming, HedgingOptions hedging, RetryBudget? budget = null)
    {
        var wait = usual;
        var (slow, hedge) = (new FakeChatClient([Waits(() => wait), "Hello", ChatFinishReason.Stop]), FakeChatClient.Answering("Hedged"));
        var pipeline = TestPipeline.With(new FallbackOptions { WholeAnswer = Soft, Hedging = hedging, RetryBudget = budget }, _time, null, slow, hedge);
        for (var i = 0; i < 20; i++)
        {
            var asked = pipeline.AskAsync(streaming);
            await PassAsync(usual);
            await asked;
        }

        wait = Minute;
        return (slow, hedge, pipeline);
    }

    private FakeChatClient Thinking(TimeSpan time) => new([Waits(() => time), "Hello", ChatFinishReason.Stop]);

    private Step Waits(Func<TimeSpan> time) => new(async token =>
    {
        await Task.Delay(time(), _time, token);
        return null;
    });

    private IChatClient Pipeline(params FakeChatClient[] providers) =>
        TestPipeline.With(new FallbackOptions { WholeAnswer = Soft }, _time, _ledger, providers);

    private async Task PassAsync(TimeSpan time)
    {
        await _time.ArmedAsync(time);
        _time.Advance(time);
    }
}

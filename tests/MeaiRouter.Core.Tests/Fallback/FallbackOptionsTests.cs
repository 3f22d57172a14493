using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

public sealed class FallbackOptionsTests
{
    [Fact]
    public void The_defaults_are_on()
    {
        var options = new FallbackOptions();

        Assert.Equal(
            ((int?)null, TimeSpan.FromSeconds(10), null, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), true),
            (options.MaxAttempts, options.FirstContent, options.WholeAnswer, options.Idle, options.Total, options.RequireFinishReason));
        Assert.Equal(
            (TimeSpan.FromMilliseconds(50), 64, true, false),
            (options.Hold, options.HoldCharacters, options.RestartBroken, options.AllowPrefill));
    }

    [Fact]
    public void Everything_out_of_range_is_reported_at_once() => Assert.Equal(
        "MaxAttempts is 0; it must be at least 1. FirstContent is 00:00:00; it must be positive, or infinite. "
        + "WholeAnswer is -00:00:01; it must be positive, or infinite. Idle is -00:00:02; it must be positive, or infinite. "
        + "Total is 00:00:00; it must be positive, or infinite. Hold is -00:00:01; it must be positive, or infinite. "
        + "HoldCharacters is -1; it must be at least 0.",
        Assert.Throws<ArgumentException>(() => new FallbackChatClient(new FakeChatClient(), new FallbackOptions
        {
            MaxAttempts = 0, FirstContent = TimeSpan.Zero, WholeAnswer = TimeSpan.FromSeconds(-1), Idle = TimeSpan.FromSeconds(-2), Total = TimeSpan.Zero,
            Hold = TimeSpan.FromSeconds(-1), HoldCharacters = -1,
        })).Message);

    [Fact]
    public void A_duration_no_timer_can_hold_is_out_of_range() => Assert.Equal(
        "Total is 10675199.02:48:05.4775807; it must be at most 16 days, or infinite.",
        Assert.Throws<ArgumentException>(() => new FallbackChatClient(new FakeChatClient(), new FallbackOptions { Total = TimeSpan.MaxValue })).Message);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_deadline_may_be_switched_off(bool streaming)
    {
        var time = new ManualTimeProvider();
        var gate = new TaskCompletionSource();
        var never = Timeout.InfiniteTimeSpan;
        var (slow, unused) = (FakeChatClient.Playing(gate.Task, "Hello", ChatFinishReason.Stop), FakeChatClient.Answering("Never"));
        var pipeline = TestPipeline.With(new FallbackOptions { FirstContent = never, Idle = never, Total = never }, time, null, slow, unused);

        var asked = pipeline.AskAsync(streaming);
        await slow.CalledAsync();
        time.Advance(TimeSpan.FromDays(20));
        gate.SetResult();

        Assert.Equal("Hello", (await asked).Text);
        Assert.Empty(unused.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changes_after_the_client_was_built_change_nothing(bool streaming)
    {
        var options = new FallbackOptions { MaxAttempts = 1 };
        var pipeline = TestPipeline.With(
            options, null, null, FakeChatClient.Playing(new HttpRequestException("Down.")), FakeChatClient.Answering("Hello"));

        options.MaxAttempts = 2;

        Assert.Single((await pipeline.AskInVainAsync(streaming)).Attempts);
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Fallback.Continuation.Continuing;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>The hold window: what breaks right after its first content is replaced before the caller has seen any of it.</summary>
public sealed class HoldTests
{
    private static readonly TimeSpan Hold = TimeSpan.FromMilliseconds(50);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_stream_that_breaks_within_the_window_is_answered_by_the_next_without_a_seam()
    {
        // The next answers something else, which no continuation could have mended.
        var (updates, exception) = await Pipeline(FakeChatClient.Playing("Hel", "lo", Cut), FakeChatClient.Answering("Goodbye")).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Goodbye", updates.Text());
        Assert.Empty(updates[^1].GetRouteTrace()!.Seams);
        Assert.Equal(["a Failed ConnectionFailed", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Fact]
    public async Task An_answer_that_ends_within_the_window_without_a_finish_reason_is_answered_by_the_next()
    {
        var (updates, exception) = await Pipeline(FakeChatClient.Playing("Hel"), FakeChatClient.Answering("Goodbye")).ReadAsync();

        Assert.Null(exception);
        Assert.Equal("Goodbye", updates.Text());
        Assert.Equal(["a Failed Incomplete", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Fact]
    public async Task Content_is_released_when_its_time_has_come_although_nothing_follows()
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing("Hel", gate.Task, "lo", ChatFinishReason.Stop);

        var reading = Pipeline(provider, FakeChatClient.Answering("Goodbye")).ReadAsync(seen: update =>
        {
            if (update.Text == "Hel")
                gate.SetResult();
            return Task.CompletedTask;
        });
        await _time.ArmedAsync(Hold);
        _time.Advance(Hold);
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
    }

    [Fact]
    public async Task A_break_after_the_window_is_one_after_the_commit()
    {
        var gate = new TaskCompletionSource();
        var reading = Pipeline(FakeChatClient.Playing("Hel", gate.Task, Cut), FakeChatClient.Answering("Hello")).ReadAsync(seen: _ =>
        {
            gate.TrySetResult();
            return Task.CompletedTask;
        });
        await _time.ArmedAsync(Hold);
        _time.Advance(Hold);
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        Assert.Equal(["3+0 a>b Restart"], updates[^1].GetRouteTrace()!.Seams.Told());
    }

    [Fact]
    public async Task Enough_characters_end_the_window_before_its_time()
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing(new string('a', 32), new string('b', 32), gate.Task, ChatFinishReason.Stop);

        var (_, exception) = await Pipeline(provider, FakeChatClient.Answering("Goodbye")).ReadAsync(seen: _ =>
        {
            gate.TrySetResult();
            return Task.CompletedTask;
        });

        Assert.Null(exception);
    }

    [Fact]
    public async Task A_whole_answer_is_not_held()
    {
        var gate = new TaskCompletionSource();
        var provider = FakeChatClient.Playing("Hi", ChatFinishReason.Stop, gate.Task);

        var (updates, exception) = await Pipeline(provider, FakeChatClient.Answering("Goodbye")).ReadAsync(seen: _ =>
        {
            gate.TrySetResult();
            return Task.CompletedTask;
        });

        Assert.Null(exception);
        Assert.Equal("Hi", updates.Text());
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(50, 0)]
    public async Task Either_bound_at_zero_switches_it_off(int milliseconds, int characters)
    {
        var gate = new TaskCompletionSource();
        var options = new FallbackOptions { Hold = TimeSpan.FromMilliseconds(milliseconds), HoldCharacters = characters };
        var provider = FakeChatClient.Playing("Hi", gate.Task, ChatFinishReason.Stop);

        var (_, exception) = await TestPipeline.With(options, _time, null, provider, FakeChatClient.Answering("Goodbye")).ReadAsync(seen: _ =>
        {
            gate.TrySetResult();
            return Task.CompletedTask;
        });

        Assert.Null(exception);
    }

    [Fact]
    public async Task Where_nobody_is_left_to_turn_to_nothing_is_held()
    {
        var gate = new TaskCompletionSource();

        var (_, exception) = await Pipeline(FakeChatClient.Playing("Hi", gate.Task, ChatFinishReason.Stop)).ReadAsync(seen: _ =>
        {
            gate.TrySetResult();
            return Task.CompletedTask;
        });

        Assert.Null(exception);
    }

    [Fact]
    public async Task A_stream_that_shows_content_and_is_held_past_the_soft_deadline_starts_nothing_else()
    {
        var gate = new TaskCompletionSource();
        var backup = FakeChatClient.Answering("Goodbye");
        var provider = FakeChatClient.Playing("Hel", gate.Task, "lo", ChatFinishReason.Stop);

        var reading = Unbounded(provider, backup).ReadAsync();
        await _time.ArmedAsync(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(15));
        gate.SetResult();
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
        Assert.Empty(backup.Calls);
    }

    [Fact]
    public async Task A_stall_within_the_window_is_answered_by_the_next()
    {
        var reading = Unbounded(FakeChatClient.Playing("Hel", Step.Silence), FakeChatClient.Answering("Goodbye")).ReadAsync();
        await _time.ArmedAsync(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(30));
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Goodbye", updates.Text());
        Assert.Equal(["a Failed Stalled", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Fact]
    public async Task Cancelling_within_the_window_reaches_the_provider()
    {
        using var cancelling = new CancellationTokenSource();
        var provider = FakeChatClient.Playing("Hel", Step.Silence);

        var reading = Pipeline(provider, FakeChatClient.Answering("Goodbye")).ReadAsync(token: cancelling.Token);
        await _time.ArmedAsync(Hold);
        await cancelling.CancelAsync();
        var (updates, exception) = await reading;

        Assert.IsType<OperationCanceledException>(exception);
        Assert.Empty(updates);
        await provider.Call.Cancelled.Soon();
        await provider.Call.Ended.Soon();
    }

    private IChatClient Pipeline(params FakeChatClient[] providers) => TestPipeline.With(
        new FallbackOptions { MaxAttempts = providers.Length }, _time, null, providers);

    // As whoever wants whole answers, streamed: no character is shown before the last.
    private IChatClient Unbounded(params FakeChatClient[] providers) => TestPipeline.With(
        new FallbackOptions { Hold = Timeout.InfiniteTimeSpan, HoldCharacters = int.MaxValue }, _time, null, providers);
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;
using static MeaiRouter.Core.Tests.Fallback.Continuation.Continuing;

namespace MeaiRouter.Core.Tests.Fallback.Continuation;

/// <summary>Deadlines, cancellation and disposal while another attempt takes over.</summary>
public sealed class ContinuationTimingTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Cancelling_while_the_next_is_suppressed_reaches_it_and_starts_nothing_else()
    {
        using var cancelling = new CancellationTokenSource();
        var reached = new TaskCompletionSource();
        var (cut, next, third) = (
            FakeChatClient.Playing("Hello", Cut), FakeChatClient.Playing("He", Signal(reached), Step.Silence), FakeChatClient.Answering("Hello"));

        var reading = TestPipeline.Of(cut, next, third).ReadAsync(token: cancelling.Token);
        await reached.Task.Soon();
        await cancelling.CancelAsync();
        var (updates, exception) = await reading;

        Assert.IsType<OperationCanceledException>(exception);
        Assert.Equal("Hello", updates.Text());
        await next.Call.Cancelled.Soon();
        await next.Call.Ended.Soon();
        await cut.Call.Ended.Soon();
        Assert.Empty(third.Calls);
    }

    [Fact]
    public async Task Cancelling_before_the_next_has_shown_anything_reaches_it()
    {
        using var cancelling = new CancellationTokenSource();
        var (cut, next) = (FakeChatClient.Playing("Hello", Cut), FakeChatClient.Playing(Step.Silence));

        var reading = TestPipeline.Of(cut, next).ReadAsync(token: cancelling.Token);
        await next.CalledAsync();
        await cancelling.CancelAsync();
        var (_, exception) = await reading;

        Assert.IsType<OperationCanceledException>(exception);
        await next.Call.Cancelled.Soon();
        await next.Call.Ended.Soon();
    }

    [Fact]
    public async Task A_caller_who_stops_reading_after_the_seam_has_closed_both()
    {
        var (cut, next) = (FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing("Hello wor", Step.Silence));

        await foreach (var update in TestPipeline.Of(cut, next).GetStreamingResponseAsync([new(ChatRole.User, "Hi")]))
        {
            if (update.Text == "wor")
                break;
        }

        await cut.Call.Ended.Soon();
        await next.Call.Cancelled.Soon();
        await next.Call.Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_that_goes_silent_while_it_is_suppressed_has_stalled(bool deaf)
    {
        var reached = new TaskCompletionSource();
        var (cut, next, third) = (
            FakeChatClient.Playing("Hello", Cut),
            FakeChatClient.Playing("Hel", Signal(reached), deaf ? Step.DeafUntil(new TaskCompletionSource().Task) : Step.Silence),
            FakeChatClient.Answering("Hello world"));

        var reading = TestPipeline.With(_time, cut, next, third).ReadAsync();
        await reached.Task.Soon();
        await WaitedAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        var trace = updates[^1].GetRouteTrace()!;
        Assert.Equal(["a Failed Truncated", "b Failed Stalled", "c Answered"], trace.Attempts.Told());
        Assert.Equal("No further content within 30 s.", trace.Attempts[1].Failure!.Message);
        await next.Call.Cancelled.Soon();
    }

    [Fact]
    public async Task A_stall_after_content_goes_on_elsewhere()
    {
        var reached = new TaskCompletionSource();
        var (stalling, next) = (FakeChatClient.Playing("Hello ", Signal(reached), Step.Silence), FakeChatClient.Answering("Hello world"));

        var reading = TestPipeline.With(_time, stalling, next).ReadAsync();
        await reached.Task.Soon();
        await WaitedAsync();
        _time.Advance(TimeSpan.FromSeconds(31));
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Equal(["a Failed Stalled", "b Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Fact]
    public async Task A_next_attempt_that_shows_nothing_is_joined_by_another_after_the_soft_deadline()
    {
        var (cut, silent, third) = (FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello world"));

        var reading = TestPipeline.With(_time, cut, silent, third).ReadAsync();
        await silent.CalledAsync();
        await _time.ArmedAsync(TimeSpan.FromSeconds(10));
        _time.Advance(TimeSpan.FromSeconds(10));
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal("Hello world", updates.Text());
        Assert.Equal(["a Failed Truncated", "b Failed Timeout", "c Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
        await silent.Call.Cancelled.Soon();
    }

    [Fact]
    public async Task The_deadline_of_the_request_holds_for_all_its_attempts()
    {
        var options = Options;
        (options.Total, options.FirstContent) = (TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        var (cut, silent) = (FakeChatClient.Playing("Hello ", Cut), FakeChatClient.Playing(Step.Silence));

        var reading = TestPipeline.With(options, _time, null, cut, silent).ReadAsync();
        await silent.CalledAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        var (updates, exception) = await reading;

        Assert.Equal("Hello ", updates.Text());
        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal(FailureKind.DeadlineExceeded, failure.Kind);
        Assert.Equal(["a Failed Truncated", "b Failed DeadlineExceeded"], failure.Attempts.Told());
        await silent.Call.Cancelled.Soon();
    }

    private static Step Signal(TaskCompletionSource reached) => new(_ =>
    {
        reached.TrySetResult();
        return Task.FromResult<ChatResponseUpdate?>(null);
    });

    // The reader notes its wait an instant after the provider fell silent, and nothing tells when.
    private static Task WaitedAsync() => Task.Delay(TimeSpan.FromMilliseconds(100));
}

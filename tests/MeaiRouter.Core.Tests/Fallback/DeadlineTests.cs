using System.Net;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

public sealed class DeadlineTests
{
    private static readonly TimeSpan Soft = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Total = TimeSpan.FromMinutes(10);

    private readonly ManualTimeProvider _time = new();
    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_soft_deadline_the_next_one_runs_beside_and_may_win(bool streaming)
    {
        var (silent, answering) = (FakeChatClient.Playing(Step.Role, Step.Silence), FakeChatClient.Answering("Hello"));

        var asked = Pipeline(silent, answering).AskAsync(streaming);
        await PassSoftDeadlineAsync();
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Timeout", "b Answered"], response.Trace().Attempts.Told());
        var late = response.Trace().Attempts[0];
        Assert.Equal(("No content within 10 s.", Soft), (late.Failure!.Message, late.Duration));
        await silent.Call.Cancelled.Soon();
        await silent.Call.Ended.Soon();
        Assert.False(answering.Call.Cancelled.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_soft_deadline_the_first_one_may_still_win(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var (slow, beside) = (
            FakeChatClient.Playing(gate.Task, "Hello", ChatFinishReason.Stop), FakeChatClient.Playing(Step.Silence));

        var asked = Pipeline(slow, beside).AskAsync(streaming);
        await PassSoftDeadlineAsync();
        await beside.CalledAsync();
        gate.SetResult();
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Answered", "b Superseded"], response.Trace().Attempts.Told());
        Assert.Equal("cancelled, another one answered first", response.Trace().Candidates[1].Fate);
        await beside.Call.Cancelled.Soon();
        await beside.Call.Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_loser_opens_too_late_is_closed_again(bool throwing)
    {
        var gate = new TaskCompletionSource();
        var deaf = FakeChatClient.Playing(Step.DeafUntil(gate.Task), throwing ? new HttpRequestException("Too late.") : "Too late.", Step.Silence);

        var asked = Pipeline(deaf, FakeChatClient.Answering("Hello")).AskAsync(streaming: true);
        await PassSoftDeadlineAsync();
        var response = await asked;
        Assert.False(deaf.Call.Ended.IsCompleted);
        gate.SetResult();

        await deaf.Call.Ended.Soon();
        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Timeout", "b Answered"], response.Trace().Attempts.Told());
        Assert.Null(response.Trace().Attempts[0].TimeToFirstContent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_one_left_is_given_the_whole_time(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var slow = FakeChatClient.Playing(gate.Task, "Hello", ChatFinishReason.Stop);

        var asked = Pipeline(slow).AskAsync(streaming);
        await slow.CalledAsync();
        _time.Advance(TimeSpan.FromMinutes(9));
        gate.SetResult();

        Assert.Equal(["a Answered"], (await asked).Trace().Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_runs_beside_and_refuses_the_request_leaves_the_first_one_to_finish(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var slow = FakeChatClient.Playing(gate.Task, "Hello", ChatFinishReason.Stop);
        var refusing = FakeChatClient.Playing(new HttpRequestException("No such parameter.", null, System.Net.HttpStatusCode.BadRequest));
        var never = FakeChatClient.Answering("Not asked.");

        var asked = Pipeline(slow, refusing, never).AskAsync(streaming);
        await PassSoftDeadlineAsync();
        await refusing.CalledAsync();
        gate.SetResult();
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Answered", "b Failed InvalidRequest"], response.Trace().Attempts.Told());
        Assert.Empty(never.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_runs_beside_and_fails_is_followed_by_the_next_at_once(bool streaming)
    {
        var silent = FakeChatClient.Playing(Step.Silence);

        var asked = Pipeline(silent, FakeChatClient.Playing(new HttpRequestException("Down.")), FakeChatClient.Answering("Hello")).AskAsync(streaming);
        await PassSoftDeadlineAsync();
        var response = await asked;

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Timeout", "b Failed ConnectionFailed", "c Answered"], response.Trace().Attempts.Told());
        Assert.Equal(Soft, response.Trace().Attempts[0].Duration);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_has_a_soft_deadline_of_its_own_from_its_own_beginning(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var first = FakeChatClient.Playing(gate.Task, new HttpRequestException("Down."));
        var (second, third) = (FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello"));

        var asked = Pipeline(first, second, third).AskAsync(streaming);
        await PassSoftDeadlineAsync();
        await second.CalledAsync();
        await _time.ArmedAsync(Soft);
        _time.Advance(TimeSpan.FromSeconds(9));
        var waitingAgain = _time.ArmedAnewAsync(TimeSpan.FromSeconds(1));
        gate.SetResult();
        await first.Call.Ended.Soon();
        await waitingAgain;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["a Failed ConnectionFailed", "b Failed Timeout", "c Answered"], (await asked).Trace().Attempts.Told());
    }

    [Fact]
    public async Task A_whole_answer_has_as_long_as_a_first_content_by_default()
    {
        var (silent, answering) = (FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello"));

        var asked = TestPipeline.With(_time, silent, answering).AskAsync(streaming: false);
        await _time.ArmedAsync(Soft);
        _time.Advance(Soft);

        Assert.Equal("No content within 10 s.", (await asked).Trace().Attempts[0].Failure!.Message);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task When_the_total_deadline_passes_nobody_is_waited_for_any_longer(bool deaf, bool streaming)
    {
        var provider = FakeChatClient.Playing(Step.Role, deaf ? Step.DeafUntil(new TaskCompletionSource().Task) : Step.Silence);

        var asked = Pipeline(provider).AskInVainAsync(streaming);
        await provider.CalledAsync();
        _time.Advance(Total);
        var failure = await asked;

        Assert.Equal(
            (FailureKind.DeadlineExceeded, "a/large-a: The deadline of the whole request passed."), (failure.Kind, failure.Message));
        Assert.Equal(["a Failed DeadlineExceeded"], failure.Attempts.Told());
        Assert.Equal(Total, failure.Attempts[0].Duration);
        await provider.Call.Cancelled.Soon();
        Assert.Equal(FailureKind.DeadlineExceeded, Assert.Single(_ledger.Records).Attempts.Single().FailureKind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_total_deadline_is_one_for_all_attempts(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var (first, second) = (FakeChatClient.Playing(gate.Task, new HttpRequestException("Down.", null, HttpStatusCode.ServiceUnavailable)), FakeChatClient.Playing(Step.Silence));
        var options = new FallbackOptions { FirstContent = Timeout.InfiniteTimeSpan };

        var asked = TestPipeline.With(options, _time, _ledger, first, second).AskInVainAsync(streaming);
        await first.CalledAsync();
        _time.Advance(TimeSpan.FromMinutes(9));
        gate.SetResult();
        await second.CalledAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(["a Failed Unavailable", "b Failed DeadlineExceeded"], (await asked).Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_total_deadline_ends_a_stream_in_the_middle(bool deaf)
    {
        var provider = FakeChatClient.Playing("Hel", deaf ? Step.DeafUntil(new TaskCompletionSource().Task) : Step.SilenceThenQuietEnd);
        var options = new FallbackOptions { Idle = Timeout.InfiniteTimeSpan, RequireFinishReason = false };

        var (updates, exception) = await TestPipeline.With(options, _time, _ledger, provider).ReadAsync(seen: _ => AdvanceOnceWaitingAsync(Total));

        Assert.Equal(
            (FailureKind.DeadlineExceeded, "a/large-a: The stream broke after 3 characters had been delivered. The deadline of the whole request passed."),
            (Assert.IsType<RouterException>(exception).Kind, exception!.Message));
        Assert.Equal("Hel", updates.Text());
        await provider.Call.Cancelled.Soon();
    }

    public static TheoryData<string> Manners => ["deaf", "obedient", "quiet"];

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task A_stream_that_goes_silent_has_stalled(string manner)
    {
        Step silence = manner switch
        {
            "deaf" => Step.DeafUntil(new TaskCompletionSource().Task),
            "quiet" => Step.SilenceThenQuietEnd,
            _ => Step.Silence,
        };
        var provider = FakeChatClient.Playing("Hel", silence);

        var (updates, exception) = await Pipeline(provider).ReadAsync(seen: _ => AdvanceOnceWaitingAsync(Idle));

        Assert.Equal(
            (FailureKind.Stalled, "a/large-a: The stream broke after 3 characters had been delivered. No further content within 30 s."),
            (Assert.IsType<RouterException>(exception).Kind, exception!.Message));
        Assert.Equal("Hel", updates.Text());
        await provider.Call.Cancelled.Soon();
    }

    [Fact]
    public async Task Silence_after_the_finish_reason_ends_the_answer()
    {
        var provider = FakeChatClient.Playing("Hello", ChatFinishReason.Stop, Step.Silence);

        var (updates, exception) = await Pipeline(provider).ReadAsync(
            seen: update => update.FinishReason is null ? Task.CompletedTask : AdvanceOnceWaitingAsync(Idle));

        Assert.Null(exception);
        Assert.Equal(["a Answered"], updates[^1].GetRouteTrace()!.Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_takes_his_time_is_not_a_stall(bool afterEmptyUpdates)
    {
        var provider = FakeChatClient.Playing("Hel", Step.Empty, "lo", Step.Empty, ChatFinishReason.Stop);

        var (updates, exception) = await Pipeline(provider).ReadAsync(seen: async update =>
        {
            await Task.Yield();
            if (update.Text.Length > 0 != afterEmptyUpdates)
                _time.Advance(Idle * 2);
        });

        Assert.Null(exception);
        Assert.Equal("Hello", updates.Text());
    }

    [Fact]
    public async Task Updates_without_content_do_not_count_as_signs_of_life()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToArray();
        var provider = FakeChatClient.Playing(
            "Hel", gates[0].Task, Step.Empty, gates[1].Task, Step.Empty, gates[2].Task, Step.Empty, "lo", ChatFinishReason.Stop);
        var seen = 0;

        var (updates, exception) = await Pipeline(provider).ReadAsync(seen: update =>
        {
            _ = OpenOnceWaitingAsync(TimeSpan.FromSeconds(12), gates[seen++]);
            return Task.CompletedTask;
        });

        Assert.Equal(FailureKind.Stalled, Assert.IsType<RouterException>(exception).Kind);
        Assert.Equal("Hel", updates.Text());
        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task Content_every_now_and_then_keeps_a_stream_alive()
    {
        var gates = Enumerable.Range(0, 4).Select(_ => new TaskCompletionSource()).ToArray();
        var provider = FakeChatClient.Playing("1", gates[0].Task, "2", gates[1].Task, "3", gates[2].Task, "4", gates[3].Task, ChatFinishReason.Stop);
        var seen = 0;

        var (updates, exception) = await Pipeline(provider).ReadAsync(seen: update =>
        {
            if (seen < gates.Length)
                _ = OpenOnceWaitingAsync(TimeSpan.FromSeconds(29), gates[seen++]);
            return Task.CompletedTask;
        });

        Assert.Null(exception);
        Assert.Equal("1234", updates.Text());
    }

    private IChatClient Pipeline(params FakeChatClient[] providers) =>
        TestPipeline.With(new FallbackOptions { WholeAnswer = Soft, Hold = TimeSpan.Zero }, _time, _ledger, providers);

    private async Task PassSoftDeadlineAsync()
    {
        await _time.ArmedAsync(Soft);
        _time.Advance(Soft);
    }

    // The reader measures its wait from the moment it goes back to waiting.
    private Task AdvanceOnceWaitingAsync(TimeSpan by)
    {
        _ = OpenOnceWaitingAsync(by, new TaskCompletionSource());
        return Task.CompletedTask;
    }

    private async Task OpenOnceWaitingAsync(TimeSpan by, TaskCompletionSource gate)
    {
        await _time.TimestampReadAsync();

        // The wait is noted an instant after the clock is read, and nothing tells when.
        await Task.Delay(TimeSpan.FromMilliseconds(50));
        _time.Advance(by);
        gate.SetResult();
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Core.Tests.Normalization.Answers;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Structured;

public sealed class StructuredStreamTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Nothing_is_seen_of_a_held_stream_before_it_is_whole()
    {
        var (reached, gate) = (new TaskCompletionSource(), new TaskCompletionSource());
        var seen = new List<string>();
        var reading = TestPipeline.Of(FakeChatClient.Playing(new TextReasoningContent("because"), Asked.Good[..5], Pausing(reached, gate), Asked.Good[5..], ChatFinishReason.Stop))
            .ReadAsync(Asked.ForWeather, update =>
            {
                seen.Add(update.Text);
                return Task.CompletedTask;
            });

        await reached.Task.Soon();
        Assert.Equal("", string.Concat(seen));
        gate.SetResult();
        var (updates, exception) = await reading;

        Assert.Null(exception);
        Assert.Equal($"[because]{Asked.Good}", updates.ToChatResponse().Shown());
    }

    [Fact]
    public async Task Passing_through_clean_JSON_is_seen_as_it_comes()
    {
        var gate = new TaskCompletionSource();
        var (updates, exception) = await Asked.PassingThrough(FakeChatClient.Playing(" ", Asked.Good[..5], gate.Task, Asked.Good[5..], ChatFinishReason.Stop))
            .ReadAsync(Asked.ForWeather, update =>
            {
                if (update.Text.Contains(Asked.Good[..5], StringComparison.Ordinal))
                    gate.SetResult();
                return Task.CompletedTask;
            });

        Assert.Null(exception);
        Assert.Equal((" " + Asked.Good, ChatFinishReason.Stop), (updates.Text(), updates.ToChatResponse().FinishReason));
    }

    [Fact]
    public async Task Passing_through_JSON_that_turns_out_wrong_ends_in_an_error_and_is_charged()
    {
        var (updates, exception) = await Asked.PassingThrough(FakeChatClient.Playing(Asked.Wrong[..5], Asked.Wrong[5..], ChatFinishReason.Stop, Asked.Usage))
            .ReadAsync(Asked.ForWeather);

        var failure = Assert.IsType<RouterException>(exception);
        Assert.Equal((Asked.Wrong, FailureKind.SchemaMismatch), (updates.Text(), failure.Kind));
        Assert.Contains("$.days must be of type integer.", failure.Message, StringComparison.Ordinal);
        Assert.Equal(5, failure.Attempts.Single().Usage!.Value.Output);
        Assert.DoesNotContain(updates, update => update.FinishReason is not null);
    }

    [Fact]
    public async Task What_does_not_begin_as_JSON_is_held_and_mended_though_JSON_passes_through()
    {
        var (updates, exception) = await Asked.PassingThrough(FakeChatClient.Playing(new TextReasoningContent("because"), "```json\n", Asked.Good, "\n```", ChatFinishReason.Stop))
            .ReadAsync(Asked.ForWeather);

        Assert.Null(exception);
        Assert.Equal($"[because]{Asked.Good}", updates.ToChatResponse().Shown());
    }

    [Fact]
    public async Task A_held_stream_that_breaks_is_answered_by_the_next_endpoint()
    {
        var (updates, exception) = await TestPipeline.Of(
            FakeChatClient.Playing("""{"city":"Rome",""", new HttpRequestException("Reset.")), FakeChatClient.Answering(Asked.Good)).ReadAsync(Asked.ForWeather);

        Assert.Null(exception);
        var response = updates.ToChatResponse();
        Assert.Equal(Asked.Good, response.Text);
        Assert.Equal("b Answered", response.Trace().Attempts.Told()[^1]);
    }

    [Fact]
    public async Task While_content_comes_a_held_stream_is_neither_silent_nor_stalled()
    {
        var (first, second) = ((Reached: new TaskCompletionSource(), Gate: new TaskCompletionSource()), (Reached: new TaskCompletionSource(), Gate: new TaskCompletionSource()));
        var slow = FakeChatClient.Playing(
            Asked.Good[..5], Pausing(first.Reached, first.Gate), Asked.Good[5..10], Pausing(second.Reached, second.Gate), Asked.Good[10..], ChatFinishReason.Stop);
        var backup = FakeChatClient.Answering("never");

        var asked = TestPipeline.With(_time, slow, backup).AskAsync(streaming: true, Asked.ForWeather);
        await first.Reached.Task.Soon();
        await _time.ArmedAsync(Idle);
        _time.Advance(TimeSpan.FromSeconds(29));
        first.Gate.SetResult();
        await second.Reached.Task.Soon();
        _time.Advance(TimeSpan.FromSeconds(2));
        await _time.ArmedAsync(TimeSpan.FromSeconds(28));
        _time.Advance(TimeSpan.FromSeconds(27));
        second.Gate.SetResult();
        var response = await asked;

        Assert.Equal(Asked.Good, response.Text);
        Assert.Equal(["a Answered"], response.Trace().Attempts.Told());
        Assert.Equal(TimeSpan.Zero, response.Trace().Attempts[0].TimeToFirstContent);
        Assert.Empty(backup.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_held_stream_that_goes_silent_has_stalled(bool hasBackup)
    {
        var reached = new TaskCompletionSource();
        var silent = FakeChatClient.Playing(Asked.Good[..5], Pausing(reached, new TaskCompletionSource()));
        var asked = TestPipeline.With(_time, hasBackup ? [silent, FakeChatClient.Answering(Asked.Good)] : [silent]).ReadAsync(Asked.ForWeather);
        await reached.Task.Soon();
        await _time.ArmedAsync(Idle);
        _time.Advance(Idle);
        var (updates, exception) = await asked;

        if (hasBackup)
        {
            Assert.Null(exception);
            Assert.Equal(Asked.Good, updates.Text());
            Assert.Equal(["a Failed Stalled", "b Answered"], updates.ToChatResponse().Trace().Attempts.Told());
        }
        else
        {
            var failure = Assert.IsType<RouterException>(exception);
            Assert.Equal((FailureKind.Stalled, "No further content within 30 s."), (failure.Kind, failure.Attempts.Single().Failure!.Message));
        }

        await silent.Call.Cancelled.Soon();
    }

    private static Step Pausing(TaskCompletionSource reached, TaskCompletionSource gate) => new(async token =>
    {
        reached.SetResult();
        await gate.Task.WaitAsync(token);
        return null;
    });
}

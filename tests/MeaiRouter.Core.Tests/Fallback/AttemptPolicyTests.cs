using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>The seam for policies of others, without Polly.</summary>
public sealed class AttemptPolicyTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_the_policy_does_not_accept_is_closed_and_booked_as_failed(bool streaming)
    {
        var provider = new FakeChatClient(FakeChatClient.Answer("first"), FakeChatClient.Answer("second"));
        var client = new FallbackChatClient(provider, new FallbackOptions { AttemptPolicy = new Twice() }, _time);

        var response = await client.AskAsync(streaming);

        Assert.Equal("second", response.Text);
        Assert.Equal(["primary Failed Unknown", "primary Answered"], response.Trace().Attempts.Told());
        Assert.Equal("The policy of the attempt did not accept the answer.", response.Trace().Attempts[0].Failure!.Message);
        await provider.Calls[0].Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_the_policy_turns_into_a_failure_is_closed(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello");
        var client = new FallbackChatClient(
            provider, [FakeChatClient.Answering("backup")], new FallbackOptions { AttemptPolicy = new Rejecting("primary") }, _time);

        var response = await client.AskAsync(streaming);

        Assert.Equal("backup", response.Text);
        Assert.Equal(["primary Failed Unavailable", "backup 1 Answered"], response.Trace().Attempts.Told());
        await provider.Call.Ended.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_repetition_is_overtaken_like_any_attempt_and_all_of_its_calls_count_towards_the_soft_deadline(bool streaming)
    {
        var again = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = new FakeChatClient([again.Task, new HttpRequestException("Reset.")], [Step.Silence]);
        var options = new FallbackOptions
        {
            FirstContent = TimeSpan.FromSeconds(10), WholeAnswer = TimeSpan.FromSeconds(10), AttemptPolicy = new OnceMore(),
        };
        var client = new FallbackChatClient(slow, [FakeChatClient.Answering("backup")], options, _time);

        var asked = client.AskAsync(streaming);
        await slow.CalledAsync();
        _time.Advance(TimeSpan.FromSeconds(6));
        again.SetResult();
        await slow.CalledAsync();
        _time.Advance(TimeSpan.FromSeconds(4));

        var response = await asked;
        Assert.Equal("backup", response.Text);
        Assert.Equal(
            ["primary Failed ConnectionFailed", "primary Failed Timeout", "backup 1 Answered"], response.Trace().Attempts.Told());
        await slow.Calls[1].Cancelled.Soon();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_the_policy_cancels_is_a_timeout(bool streaming)
    {
        var provider = new FakeChatClient([Step.Silence], FakeChatClient.Answer("Hello"));
        var client = new FallbackChatClient(provider, new FallbackOptions { AttemptPolicy = new Impatient() }, _time);

        var response = await client.AskAsync(streaming);

        Assert.Equal(["primary Failed Timeout", "primary Answered"], response.Trace().Attempts.Told());
        Assert.Equal("The policy of the attempt stopped the call.", response.Trace().Attempts[0].Failure!.Message);
    }

    /// <summary>Takes the second answer, whatever the first was.</summary>
    private sealed class Twice : IAttemptPolicy
    {
        public async ValueTask<T> ExecuteAsync<T>(RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken)
        {
            await makeCall(cancellationToken);
            return await makeCall(cancellationToken);
        }
    }

    private sealed class OnceMore : IAttemptPolicy
    {
        public async ValueTask<T> ExecuteAsync<T>(RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken)
        {
            try
            {
                return await makeCall(cancellationToken);
            }
            catch (HttpRequestException)
            {
                return await makeCall(cancellationToken);
            }
        }
    }

    private sealed class Rejecting(string provider) : IAttemptPolicy
    {
        public async ValueTask<T> ExecuteAsync<T>(RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken)
        {
            var answer = await makeCall(cancellationToken);
            return attempt.Provider == provider ? throw new RouterException(FailureKind.Unavailable, "Not this one.") : answer;
        }
    }

    /// <summary>Has cancelled the first call before it can answer.</summary>
    private sealed class Impatient : IAttemptPolicy
    {
        public async ValueTask<T> ExecuteAsync<T>(RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken)
        {
            using var own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var first = makeCall(own.Token).AsTask();
            await own.CancelAsync();
            try
            {
                return await first;
            }
            catch (OperationCanceledException)
            {
                return await makeCall(cancellationToken);
            }
        }
    }
}

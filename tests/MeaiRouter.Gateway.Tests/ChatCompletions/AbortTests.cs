using System.Diagnostics;
using System.Net.Http.Json;
using MeaiRouter.Attempts;
using MeaiRouter.Gateway.Tests.Running;
using MeaiRouter.Pricing;
using MeaiRouter.Testing;

namespace MeaiRouter.Gateway.Tests.ChatCompletions;

/// <summary>The caller leaves: the provider must know at once, nothing else may begin, and the ledger must know too.</summary>
public sealed class AbortTests : GatewayTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_before_any_content_closes_the_providers_connection(bool streaming)
    {
        FirstScript.Always(Reply.Text("never").StallAfter(0));

        await LeaveAsync(streaming, afterBytes: 0);

        await AssertLeftAsync(streaming, mayHaveOutput: false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_who_leaves_before_the_status_line_closes_the_providers_connection(bool streaming)
    {
        FirstScript.Always(Fault.Silence());

        await LeaveAsync(streaming, afterBytes: 0);

        await AssertLeftAsync(streaming, mayHaveOutput: false);
    }

    [Fact]
    public async Task A_caller_who_leaves_in_the_middle_of_a_silent_stream_closes_the_providers_connection()
    {
        FirstScript.Always(Reply.Chunks("one ", "two ", "three").StallAfter(2));

        await LeaveAsync(streaming: true, afterBytes: 1);

        await AssertLeftAsync(streaming: true, mayHaveOutput: true);
    }

    [Fact]
    public async Task A_caller_who_leaves_in_the_middle_of_a_flowing_stream_closes_the_providers_connection()
    {
        FirstScript.Always(Reply.Text(string.Join(' ', Enumerable.Range(0, 100_000))).WithPace(TimeSpan.FromMilliseconds(1)));

        await LeaveAsync(streaming: true, afterBytes: 1);

        await AssertLeftAsync(streaming: true, mayHaveOutput: true);
    }

    [Fact]
    public async Task A_caller_who_leaves_while_two_attempts_race_closes_both_connections()
    {
        FirstScript.Always(Fault.Silence());
        SecondScript.Always(Fault.Silence());
        await using var gateway = await StartGatewayAsync(("MeaiRouter:Fallback:FirstContent", "0:00:00.05"));

        using (var cancellation = new CancellationTokenSource())
        {
            var request = gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(streaming: true)), Key, cancellation.Token);
            await Second.WaitForRequestsAsync(1).WaitAsync(Patience);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }

        await First.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        await Second.Requests.Single().ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(
            [("first", AttemptOutcome.Cancelled), ("second", AttemptOutcome.Cancelled)],
            (await gateway.Ledger.SingleAsync()).Attempts.Select(attempt => (attempt.Provider, attempt.Outcome)));
    }

    private async Task LeaveAsync(bool streaming, int afterBytes)
    {
        using var cancellation = new CancellationTokenSource();
        var request = Gateway.OpenAsync(HttpMethod.Post, "/v1/chat/completions", JsonContent.Create(Hello(streaming)), Key, cancellation.Token);
        await First.WaitForRequestsAsync(1).WaitAsync(Patience);
        if (afterBytes > 0)
        {
            using var response = await request;
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[afterBytes]);
            Assert.Equal(RequestOutcome.Pending, First.Requests.Single().Outcome);
            await cancellation.CancelAsync();
        }
        else
        {
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        }
    }

    private async Task AssertLeftAsync(bool streaming, bool mayHaveOutput)
    {
        var since = Stopwatch.GetTimestamp();
        await First.Requests.Single().ClientAborted.WaitAsync(Patience);
        Assert.InRange(Stopwatch.GetElapsedTime(since), TimeSpan.Zero, AtOnce);

        var record = await Gateway.Ledger.SingleAsync();
        var attempt = Assert.Single(record.Attempts);
        Assert.Equal(
            ("first", AttemptOutcome.Cancelled, null, streaming, null),
            (attempt.Provider, attempt.Outcome, attempt.FailureKind, record.IsStreamed, record.FinishReason));

        // The provider has read the prompt and may charge for it.
        Assert.True(attempt.Usage is { IsEstimated: true, TotalInput: > 0 });
        Assert.Equal(mayHaveOutput, attempt.Usage.TotalOutput > 0);
        Assert.True(record.Cost > NanoUsd.Zero);
        Assert.Equal((1, 0), (First.RequestCount, Second.RequestCount));
        Assert.Empty(Gateway.Log.Visible);
    }
}

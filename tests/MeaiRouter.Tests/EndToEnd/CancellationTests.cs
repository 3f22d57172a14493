using MeaiRouter.Attempts;
using MeaiRouter.Testing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Tests.EndToEnd;

public sealed class CancellationTests
{
    // Immediate, but for a busy machine; a provider that is not told would wait for ever.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_before_the_answer_closes_the_providers_connection_at_once_and_starts_nothing_else(bool streaming)
    {
        await using var providers = await TwoProviders.StartAsync(Fault.Silence(), Reply.Text("Not asked."));
        using var caller = new CancellationTokenSource();

        var answer = providers.AskAsync(streaming, cancellationToken: caller.Token);
        await providers.First.WaitForRequestsAsync(1);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await providers.First.Requests[0].ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, providers.Second.RequestCount);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(Assert.Single(providers.Ledger.Records).Attempts).Outcome);
    }

    [Fact]
    public async Task Cancelling_in_the_middle_of_a_stream_closes_the_providers_connection_at_once_and_starts_nothing_else()
    {
        await using var providers = await TwoProviders.StartAsync(Reply.Text("one two three four").StallAfter(2), Reply.Text("Not asked."));
        using var caller = new CancellationTokenSource();

        var text = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in providers.Client.GetStreamingResponseAsync("Hello", TwoProviders.Routed(), caller.Token))
            {
                text += update.Text;
                if (text == "one two")
                    await caller.CancelAsync();
            }
        });

        Assert.Equal("one two", text);
        await providers.First.Requests[0].ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, providers.Second.RequestCount);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(Assert.Single(providers.Ledger.Records).Attempts).Outcome);
    }

    [Fact]
    public async Task Leaving_a_stream_closes_the_providers_connection_at_once()
    {
        await using var providers = await TwoProviders.StartAsync(Reply.Text("one two three four").StallAfter(2), Reply.Text("Not asked."));

        await foreach (var update in providers.Client.GetStreamingResponseAsync("Hello", TwoProviders.Routed()))
        {
            if (update.Text.Length > 0)
                break;
        }

        await providers.First.Requests[0].ClientAborted.WaitAsync(AtOnce);
        Assert.Equal(0, providers.Second.RequestCount);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(Assert.Single(providers.Ledger.Records).Attempts).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_loser_of_a_race_is_closed_at_once(bool streaming)
    {
        await using var providers = await TwoProviders.StartAsync(Fault.Silence(), Reply.Text("Second."), isSilent: true);

        var response = await providers.AskAsync(streaming);

        Assert.Equal("Second.", response.Text);
        await providers.First.Requests[0].ClientAborted.WaitAsync(AtOnce);
    }
}

using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Fallback;

/// <summary>The caller's cancellation reaches the provider at once, is the caller's own to see, and starts nothing else.</summary>
public sealed class CancellationTests
{
    public static TheoryData<string, bool> Manners()
    {
        var manners = new TheoryData<string, bool>();
        foreach (var manner in Silences.Keys)
        {
            manners.Add(manner, false);
            manners.Add(manner, true);
        }

        return manners;
    }

    public static TheoryData<string, bool> MannersAfterContent()
    {
        var manners = new TheoryData<string, bool>();
        foreach (var manner in Silences.Keys)
        {
            manners.Add(manner, false);

            // With its finish reason shown, a stream that ends is whole, and who is first, the end or the cancellation, is chance.
            if (manner != "by ending quietly")
                manners.Add(manner, true);
        }

        return manners;
    }

    private static readonly Dictionary<string, Step> Silences = new()
    {
        ["as cancelled"] = Step.Silence,
        ["by ending quietly"] = Step.SilenceThenQuietEnd,
        ["with an error of its own"] = Step.SilenceThen(new HttpRequestException("Aborted.")),
        ["as a rejected request"] = Step.SilenceThen(new RouterException(FailureKind.InvalidRequest, "Client closed request.")),
        ["not at all"] = Step.DeafUntil(new TaskCompletionSource().Task),
    };

    [Theory]
    [MemberData(nameof(Manners))]
    public async Task Before_any_content_the_caller_sees_his_own_cancellation_however_the_provider_takes_it(string manner, bool streaming)
    {
        var (ledger, backup) = (new InMemoryLedger(), FakeChatClient.Answering("Hello"));
        var provider = FakeChatClient.Playing(Step.Role, Silences[manner]);
        using var caller = new CancellationTokenSource();

        var asked = TestPipeline.With(null, null, ledger, provider, backup).AskAsync(streaming, token: caller.Token);
        await provider.CalledAsync();
        await caller.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(caller.Token, cancelled.CancellationToken);
        await provider.Call.Cancelled.Soon();
        Assert.Empty(backup.Calls);
        Assert.Equal([(AttemptOutcome.Cancelled, null)], Ended(ledger));
    }

    [Theory]
    [MemberData(nameof(MannersAfterContent))]
    public async Task After_content_the_caller_sees_his_own_cancellation_however_the_provider_takes_it(string manner, bool afterFinish)
    {
        var (ledger, backup) = (new InMemoryLedger(), FakeChatClient.Answering("Hello"));
        var provider = FakeChatClient.Playing(
            afterFinish ? [Step.Role, "Hel", ChatFinishReason.Stop, Silences[manner]] : [Step.Role, "Hel", Silences[manner]]);
        using var caller = new CancellationTokenSource();

        var (updates, exception) = await TestPipeline.With(null, null, ledger, provider, backup).ReadAsync(
            seen: update => update.Text == "Hel" && !afterFinish || update.FinishReason is not null ? caller.CancelAsync() : Task.CompletedTask,
            token: caller.Token);

        Assert.Equal("Hel", updates.Text());
        Assert.Equal(caller.Token, Assert.IsAssignableFrom<OperationCanceledException>(exception).CancellationToken);
        await provider.Call.Cancelled.Soon();
        Assert.Empty(backup.Calls);
        Assert.Equal([(AttemptOutcome.Cancelled, null)], Ended(ledger));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_cancelled_before_it_began_reaches_no_provider_and_costs_nothing(bool streaming)
    {
        var (ledger, provider) = (new InMemoryLedger(), FakeChatClient.Answering("Hello"));
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TestPipeline.With(null, null, ledger, provider).AskAsync(streaming, token: caller.Token));

        Assert.Equal(caller.Token, cancelled.CancellationToken);
        Assert.Empty(provider.Calls);
        Assert.Empty(ledger.Records);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_of_two_attempts_side_by_side_are_cancelled(bool streaming)
    {
        var (time, ledger) = (new ManualTimeProvider(), new InMemoryLedger());
        FakeChatClient[] providers = [FakeChatClient.Playing(Step.Silence), FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Hello")];
        var options = new FallbackOptions { WholeAnswer = TimeSpan.FromSeconds(10) };
        using var caller = new CancellationTokenSource();

        var asked = TestPipeline.With(options, time, ledger, providers).AskAsync(streaming, token: caller.Token);
        await time.ArmedAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await providers[1].CalledAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await providers[0].Call.Cancelled.Soon();
        await providers[1].Call.Cancelled.Soon();
        Assert.Empty(providers[2].Calls);
        Assert.Equal([(AttemptOutcome.Cancelled, null), (AttemptOutcome.Cancelled, null)], Ended(ledger));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_looks_like_cancellation_but_is_not_the_callers_is_a_timeout_that_falls_back(bool streaming)
    {
        using var foreign = new CancellationTokenSource();
        await foreign.CancelAsync();
        using var caller = new CancellationTokenSource();
        var provider = FakeChatClient.Playing(Step.Role, new TaskCanceledException("Timed out.", null, foreign.Token));

        var response = await TestPipeline.Of(provider, FakeChatClient.Answering("Hello")).AskAsync(streaming, token: caller.Token);

        Assert.Equal("Hello", response.Text);
        Assert.Equal(["a Failed Timeout", "b Answered"], response.Trace().Attempts.Told());
    }

    [Fact]
    public async Task A_stream_can_be_cancelled_by_the_token_of_its_enumerator_too()
    {
        var provider = FakeChatClient.Playing("Hel", Step.Silence);
        using var caller = new CancellationTokenSource();
        var stream = TestPipeline.Of(provider).GetStreamingResponseAsync([new(ChatRole.User, "Hi")]);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in stream.WithCancellation(caller.Token))
                await caller.CancelAsync();
        });

        await provider.Call.Cancelled.Soon();
    }

    private static (AttemptOutcome, FailureKind?)[] Ended(InMemoryLedger ledger) =>
        [.. Assert.Single(ledger.Records).Attempts.Select(attempt => (attempt.Outcome, attempt.FailureKind))];
}

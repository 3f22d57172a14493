using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Costs;

public sealed class CostTrackingTests
{
    private static readonly UsageDetails Usage = new()
    {
        InputTokenCount = 100, CachedInputTokenCount = 40, OutputTokenCount = 20, ReasoningTokenCount = 5, TotalTokenCount = 120,
    };

    private static readonly TokenUsage Buckets = new() { Input = 60, CacheRead = 40, Output = 15, Reasoning = 5, Requests = 1 };

    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_attempt_is_priced_by_the_endpoint_that_served_it(bool streaming)
    {
        var rateLimited = new RouterException(FailureKind.RateLimited, "Slow down.") { Status = 429 };
        var pipeline = Pipeline(FakeChatClient.Playing(rateLimited), FakeChatClient.Answering("Hello", Usage, "large-b-2026"));

        var response = await pipeline.AskAsync(streaming, new() { ModelId = "ACME/Large" });

        // Provider b asks 2 dollars per million tokens in and 20 out.
        var cost = new NanoUsd((100 * 2_000) + (20 * 20_000));
        var trace = response.Trace();
        Assert.Equal([NanoUsd.Zero, cost], trace.Attempts.Select(attempt => attempt.Cost!.Value));
        Assert.Equal([null, Buckets], trace.Attempts.Select(attempt => attempt.Usage));
        Assert.Equal(cost, response.GetCost());

        var record = Assert.Single(_ledger.Records);
        Assert.Equal(
            (trace.Id, "ACME/Large", "large-b-2026", streaming, "stop", "stop", cost),
            (record.Id, record.RequestedModel, record.ServedModel, record.IsStreamed, record.FinishReason, record.NativeFinishReason, record.Cost!.Value));
        Assert.Equal(record.CreatedAt, record.Attempts[0].StartedAt);
        Assert.Equal(
            [
                ("a", TestPipeline.ModelId, "a", AttemptOutcome.Failed, FailureKind.RateLimited, 429, default(TokenUsage), NanoUsd.Zero),
                ("b", TestPipeline.ModelId, "b", AttemptOutcome.Answered, (FailureKind?)null, (int?)null, Buckets, cost),
            ],
            record.Attempts.Select(a => (a.Provider, a.Model, a.Endpoint, a.Outcome, a.FailureKind, a.Status, a.Usage, a.Cost!.Value)));
        Assert.Equal([false, true], record.Attempts.Select(attempt => attempt.TimeToFirstContent is not null));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_failed_altogether_is_recorded_with_what_it_cost(bool streaming)
    {
        // An empty answer is a failure, and the provider charges its input all the same.
        var pipeline = Pipeline(FakeChatClient.Playing(Step.Role, ChatFinishReason.Stop, new UsageDetails { InputTokenCount = 10 }));

        await pipeline.AskInVainAsync(streaming);

        var record = Assert.Single(_ledger.Records);
        Assert.Equal((new NanoUsd(10_000), null, null), (record.Cost, record.ServedModel, record.FinishReason));
        Assert.False(Assert.Single(record.Attempts).Usage.IsEstimated);
    }

    public static TheoryData<FailureKind, bool> CostingFailures()
    {
        var kinds = new TheoryData<FailureKind, bool>();
        foreach (var kind in Enum.GetValues<FailureKind>())
        {
            kinds.Add(kind, false);
            kinds.Add(kind, true);
        }

        return kinds;
    }

    [Theory]
    [MemberData(nameof(CostingFailures))]
    public async Task A_failure_before_any_content_is_estimated_only_if_the_provider_may_have_worked(FailureKind kind, bool streaming)
    {
        await Pipeline(FakeChatClient.Playing(new RouterException(kind, "Broken."))).AskInVainAsync(streaming);

        // "Hi there" is 8 characters, which are 2 tokens.
        var expected = kind.Consequences().MayHaveCost ? new TokenUsage { Input = 2, Requests = 1, IsEstimated = true } : default;
        var attempts = Assert.Single(_ledger.Records).Attempts;
        Assert.Equal(kind.Consequences().Here == RetryHere.Once ? 2 : 1, attempts.Count);
        Assert.All(attempts, attempt => Assert.Equal((expected, new NanoUsd(expected.Input * 1_000)), (attempt.Usage, attempt.Cost)));
    }

    [Fact]
    public async Task A_cut_stream_is_estimated_from_what_arrived_and_says_so()
    {
        await Pipeline(FakeChatClient.Playing("Hello wor", new HttpRequestException("Reset."))).ReadAsync();

        var record = Assert.Single(_ledger.Records);
        var expected = new TokenUsage { Input = 2, Output = 3, Requests = 1, IsEstimated = true };
        Assert.Equal((expected, AttemptOutcome.Failed), (record.Attempts[0].Usage, record.Attempts[0].Outcome));
        Assert.Equal(new NanoUsd((2 * 1_000) + (3 * 10_000)), record.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Usage_that_arrived_before_the_break_is_charged_instead_of_an_estimate(bool afterFinish)
    {
        Step[] steps = afterFinish
            ? ["Hello", ChatFinishReason.Stop, Usage, new HttpRequestException("Reset.")]
            : ["Hello", Usage, new HttpRequestException("Reset.")];

        var (_, exception) = await Pipeline(new FakeChatClient(steps)).ReadAsync();

        Assert.Equal(afterFinish, exception is null);
        Assert.Equal(Buckets, Assert.Single(_ledger.Records).Attempts.Single().Usage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_without_usage_is_estimated(bool streaming)
    {
        var response = await Pipeline(FakeChatClient.Answering("Hello, you!")).AskAsync(streaming);

        Assert.Equal(new TokenUsage { Input = 2, Output = 3, Requests = 1, IsEstimated = true }, response.Trace().Attempts[0].Usage);
    }

    [Fact]
    public async Task A_stream_the_caller_stops_reading_is_recorded_with_what_arrived()
    {
        var pipeline = Pipeline(FakeChatClient.Playing("Hello wor", Step.Silence));

        await foreach (var update in pipeline.GetStreamingResponseAsync([new(ChatRole.User, "Hi there")]))
            break;

        var attempt = Assert.Single(_ledger.Records).Attempts.Single();
        Assert.Equal((AttemptOutcome.Cancelled, new TokenUsage { Input = 2, Output = 3, Requests = 1, IsEstimated = true }), (attempt.Outcome, attempt.Usage));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempts_that_lost_to_another_are_recorded_and_estimated(bool streaming)
    {
        var time = new ManualTimeProvider();
        var gate = new TaskCompletionSource();
        var options = new FallbackOptions { WholeAnswer = TimeSpan.FromSeconds(10) };
        var (slow, beside) = (
            FakeChatClient.Playing(gate.Task, "Hello", ChatFinishReason.Stop, Usage), FakeChatClient.Playing(Step.Silence));

        var asked = TestPipeline.With(options, time, _ledger, slow, beside).AskAsync(streaming);
        await time.ArmedAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(10));
        await beside.CalledAsync();
        gate.SetResult();
        await asked;

        var record = Assert.Single(_ledger.Records);
        Assert.Equal(
            [(AttemptOutcome.Answered, Buckets), (AttemptOutcome.Superseded, new TokenUsage { Input = 2, Requests = 1, IsEstimated = true })],
            record.Attempts.Select(attempt => (attempt.Outcome, attempt.Usage)));
        Assert.Equal(new NanoUsd((100 * 1_000) + (20 * 10_000) + (2 * 2_000)), record.Cost);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_unpriced_has_no_cost_at_any_level(bool streaming)
    {
        var catalog = new ModelCatalog([
            new Model("m") { Endpoints = [new ModelEndpoint("a", "x") { Price = Price.PerMillion(1, 1) }, new ModelEndpoint("b", "x")] },
        ]);
        FakeChatClient[] providers = [FakeChatClient.Playing(new TimeoutException("Timed out.")), FakeChatClient.Answering("Hello", Usage)];
        var pipeline = new CostTrackingChatClient(
            new RouterChatClient(new FallbackChatClient(TestPipeline.Endpoint(providers)), catalog, new() { Strategy = new CheapestFirst() }), _ledger);

        var response = await pipeline.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Null(response.GetCost());
        Assert.Equal([new NanoUsd(2_000), null], response.Trace().Attempts.Select(attempt => attempt.Cost));
        var record = Assert.Single(_ledger.Records);
        Assert.Null(record.Cost);
        Assert.Equal([new NanoUsd(2_000), null], record.Attempts.Select(attempt => attempt.Cost));
        Assert.Equal([(0L, new NanoUsd(2_000)), (1L, NanoUsd.Zero)], _ledger.Totals.Select(total => (total.Unpriced, total.Cost)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_free_costs_nothing_rather_than_being_unpriced(bool streaming)
    {
        var client = new CostTrackingChatClient(
            FakeChatClient.Answering("Hello", Usage), _ledger, new PriceBook(new Dictionary<string, Price> { ["m"] = Price.Free }));

        Assert.Equal(NanoUsd.Zero, (await client.AskAsync(streaming, new() { ModelId = "m" })).GetCost());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_that_reached_no_provider_is_not_recorded(bool streaming)
    {
        await Pipeline(FakeChatClient.Answering("Hello")).AskInVainAsync(streaming, new() { ModelId = "unknown" });

        Assert.Empty(_ledger.Records);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_record_is_kept_before_the_end_of_the_answer_is_seen(bool streaming)
    {
        var ledger = new GatedLedger();
        var pipeline = TestPipeline.With(null, null, ledger, FakeChatClient.Answering("Hello", Usage));

        var asked = pipeline.AskAsync(streaming);
        var record = await ledger.Appending.Soon();
        Assert.False(asked.IsCompleted);
        ledger.Open();

        Assert.Equal((await asked).Trace().Id, record.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_callers_cancellation_does_not_cancel_the_recording(bool streaming)
    {
        var ledger = new GatedLedger();
        var provider = FakeChatClient.Playing(Step.Silence);
        using var caller = new CancellationTokenSource();

        var asked = TestPipeline.With(null, null, ledger, provider).AskAsync(streaming, token: caller.Token);
        await provider.CalledAsync();
        await caller.CancelAsync();
        await ledger.Appending.Soon();
        Assert.False(ledger.Token.CanBeCanceled);
        ledger.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task Whole_and_streamed_answers_cost_the_same()
    {
        var whole = await Pipeline(FakeChatClient.Answering("Hello", Usage)).AskAsync(streaming: false);
        var streamed = await Pipeline(FakeChatClient.Answering("Hello", Usage)).AskAsync(streaming: true);

        Assert.Equal(whole.GetCost(), streamed.GetCost());
        Assert.Equal(whole.Trace().Attempts[0].Usage, streamed.Trace().Attempts[0].Usage);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Absurd_usage_does_not_take_the_answer_away(bool streaming)
    {
        var absurd = new UsageDetails { InputTokenCount = long.MaxValue, OutputTokenCount = long.MaxValue, TotalTokenCount = long.MinValue };

        var response = await Pipeline(FakeChatClient.Answering("Hello", absurd)).AskAsync(streaming);

        Assert.Equal("Hello", response.Text);
        Assert.True(response.GetCost() > NanoUsd.Zero);
    }

    private IChatClient Pipeline(params FakeChatClient[] providers) => TestPipeline.With(null, null, _ledger, providers);

    private sealed class GatedLedger : ILedger
    {
        private readonly TaskCompletionSource<GenerationRecord> _appending = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<GenerationRecord> Appending => _appending.Task;

        public CancellationToken Token { get; private set; }

        public void Open() => _gate.SetResult();

        public async ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default)
        {
            Token = cancellationToken;
            _appending.SetResult(record);
            await _gate.Task;
        }
    }
}

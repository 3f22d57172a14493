using System.Diagnostics.Metrics;
using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Diagnostics;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Costs;

/// <summary>Who is told of a charge: ledger, events and metrics; and what a failure among them does to the answer.</summary>
public sealed class SettlementTests
{
    private static readonly UsageDetails Usage = new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };

    private static readonly PriceBook Prices = new(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 2) });

    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_charge_is_told_of_before_the_end_of_the_answer_even_without_a_ledger(bool streaming)
    {
        var client = new CostTrackingChatClient(FakeChatClient.Answering("Hello", Usage), null, Prices);
        var records = new List<GenerationRecord>();
        client.Charged += (_, e) => records.Add(e.Record);

        var response = await client.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal((response.Trace().Id, new NanoUsd(20_000)), (Assert.Single(records).Id, records[0].Cost!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_that_throws_takes_nothing_away(bool streaming)
    {
        var client = new CostTrackingChatClient(FakeChatClient.Answering("Hello", Usage), _ledger, Prices);
        client.Charged += (_, _) => throw new InvalidOperationException("Mine.");

        Assert.Equal("Hello", (await client.AskAsync(streaming, new() { ModelId = "m" })).Text);
        Assert.Single(_ledger.Records);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_that_the_ledger_does_not_record_is_withheld_and_says_why(bool streaming)
    {
        var full = new IOException("No space left.");
        var client = new CostTrackingChatClient(FakeChatClient.Answering("Hello", Usage), new BrokenLedger(full), Prices);
        var failures = new List<Exception>();
        client.LedgerFailed += (_, e) => failures.Add(e.Exception);

        var exception = await client.AskInVainAsync(streaming, new() { ModelId = "m" });

        Assert.Equal((FailureKind.Unrecorded, full, 500), (exception.Kind, exception.InnerException, exception.Kind.Consequences().HttpStatus));
        Assert.Contains("No space left. Mend the ledger, or set LedgerFailure to Deliver.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new NanoUsd(20_000), exception.Attempts.Single().Cost);
        Assert.Equal([full], failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task If_so_configured_it_is_delivered_and_the_trace_tells(bool streaming)
    {
        var client = new CostTrackingChatClient(
            FakeChatClient.Answering("Hello", Usage), new BrokenLedger(new IOException("No space left.")), Prices,
            options: new() { LedgerFailure = LedgerFailure.Deliver });
        var records = new List<GenerationRecord>();
        client.LedgerFailed += (_, e) => records.Add(e.Record);

        var response = await client.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal(("Hello", new NanoUsd(20_000)), (response.Text, response.GetCost()!.Value));
        Assert.Equal(["The ledger did not take the record of this request, so its charge is missing there."], response.Trace().Notes);
        Assert.Equal(response.Trace().Id, Assert.Single(records).Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_of_the_request_is_never_replaced_by_one_of_the_ledger(bool streaming)
    {
        var thrown = new HttpRequestException("Down.");
        var client = new CostTrackingChatClient(FakeChatClient.Playing("Hel", thrown), new BrokenLedger(new IOException("No space left.")), Prices);
        var failures = 0;
        client.LedgerFailed += (_, _) => failures++;

        Assert.Same(thrown, await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(streaming)));
        Assert.Equal(1, failures);
    }

    [Fact]
    public async Task Whoever_stops_reading_gets_no_failure_of_the_ledger()
    {
        var client = new CostTrackingChatClient(FakeChatClient.Playing("Hello", Step.Silence), new BrokenLedger(new IOException("No space left.")), Prices);
        var failures = 0;
        client.LedgerFailed += (_, _) => failures++;

        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "Hi")]))
            break;

        Assert.Equal(1, failures);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_from_a_cache_inside_costs_nothing_and_says_so(bool streaming)
    {
        var client = new CostTrackingChatClient(CacheHit(), _ledger, Prices);

        var response = await client.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal((NanoUsd.Zero, true), (response.GetCost()!.Value, response.Trace().Attempts.Single().IsCacheHit));
        var attempt = Assert.Single(_ledger.Records).Attempts.Single();
        Assert.Equal((AttemptOutcome.Answered, default(TokenUsage), NanoUsd.Zero), (attempt.Outcome, attempt.Usage, attempt.Cost!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_answer_from_a_cache_before_the_router_is_recorded_without_an_attempt(bool streaming)
    {
        var time = new ManualTimeProvider();
        var router = new RouterChatClient(
            new FallbackChatClient(TestPipeline.Endpoint(FakeChatClient.Answering("Never"))), TestPipeline.Catalog(1), TestPipeline.Routing);
        var client = new CostTrackingChatClient(new Cache(router, CacheHit()), _ledger, null, time);

        var response = await client.AskAsync(streaming, new() { ModelId = TestPipeline.ModelId });

        Assert.Equal(("Hello", NanoUsd.Zero, true), (response.Text, response.GetCost()!.Value, response.Trace().IsCacheHit));
        var record = Assert.Single(_ledger.Records);
        Assert.Equal(
            (true, NanoUsd.Zero, NanoUsd.Zero, time.GetUtcNow(), response.Trace().Id),
            (record.IsCacheHit, record.Cost!.Value, record.Charge!.Value, record.CreatedAt, record.Id));
        Assert.Empty(record.Attempts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Costs_and_unpriced_attempts_are_counted(bool streaming)
    {
        var provider = $"metered-{streaming}";
        var counted = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == TelemetryNames.Meter && instrument.Name is TelemetryNames.Cost or TelemetryNames.UnpricedAttempts)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(tag => tag.Key, tag => (string?)tag.Value);
            if (all[TelemetryNames.Provider] != provider)
                return;
            lock (counted)
                counted.Add($"{instrument.Name} {value} {string.Join(' ', all.Where(tag => tag.Key != TelemetryNames.Provider).OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => tag.Value))}");
        });
        listener.Start();

        await Metered(Usage, "m").AskAsync(streaming, new() { ModelId = "m" });
        await Metered(Usage, "other").AskAsync(streaming);
        await Metered(new() { InputTokenCount = 1, AdditionalCounts = new() { [UsageCounts.ReportedCost] = 9 } }, "other").AskAsync(streaming);

        Assert.Equal(["meairouter.cost 20000 m answered local", "meairouter.unpriced_attempts 1 other answered", "meairouter.cost 9 other answered provider"], counted);

        CostTrackingChatClient Metered(UsageDetails usage, string model) =>
            new(new FakeChatClient(FakeChatClient.Answer("Hello", usage, model)) { Metadata = new(provider) }, null, Prices);
    }

    private static FakeChatClient CacheHit() => FakeChatClient.Playing(
        new ChatResponseUpdate(ChatRole.Assistant, "Hello")
        {
            FinishReason = ChatFinishReason.Stop, AdditionalProperties = new() { [AnswerProperties.CacheHit] = true },
        },
        Usage);

    private sealed class BrokenLedger(Exception failure) : ILedger
    {
        public ValueTask AppendAsync(GenerationRecord record, CancellationToken cancellationToken = default) => throw failure;
    }

    /// <summary>Stands where a cache would: the pipeline is inside, and another client answers.</summary>
    private sealed class Cache(IChatClient inner, IChatClient hit) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            hit.GetResponseAsync(messages, options, cancellationToken);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            hit.GetStreamingResponseAsync(messages, options, cancellationToken);
    }
}

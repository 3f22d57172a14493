using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Keys;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Costs;

/// <summary>Which price applies to an attempt, what the provider says against it, and who pays.</summary>
public sealed class ChargeTests
{
    private static readonly UsageDetails Usage = new() { InputTokenCount = 1_000, OutputTokenCount = 100, TotalTokenCount = 1_100 };

    private static readonly Price List = Price.PerMillion(2, 10) with
    {
        Version = "v1",
        Overrides = [new PriceOverride { ServiceTier = "flex", Prompt = 1, Completion = 5 }, new PriceOverride { ServiceTier = "priority", Prompt = 4 }],
    };

    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData("flex", null, 1_500_000L, "flex", false)]
    [InlineData("flex", null, 1_500_000L, "flex", true)]
    [InlineData("fast", null, 5_000_000L, "priority", false)]
    [InlineData("default", "flex", 3_000_000L, null, true)]
    [InlineData(null, "flex", 1_500_000L, "flex", false)]
    [InlineData(null, "flex", 1_500_000L, "flex", true)]
    [InlineData(null, null, 3_000_000L, null, false)]
    public async Task The_tier_that_served_decides_the_price_and_else_the_one_asked_for(
        string? served, string? asked, long cost, string? applied, bool streaming)
    {
        var options = new ChatOptions { ModelId = "m" };
        if (asked is not null)
            options.AdditionalProperties = new() { ["extra_body"] = new System.Text.Json.Nodes.JsonObject { ["service_tier"] = asked } };

        await Client(List, served).AskAsync(streaming, options);

        var attempt = Assert.Single(_ledger.Records).Attempts.Single();
        Assert.Equal((new NanoUsd(cost), "v1", applied, served), (attempt.Cost, attempt.PriceVersion, attempt.PriceOverrides, attempt.ServiceTier));
    }

    [Theory]
    [InlineData("priority", null, false)]
    [InlineData("priority", null, true)]
    [InlineData(null, 3_000_000L, false)]
    public async Task A_tier_that_served_and_has_no_price_is_unpriced_but_one_only_asked_for_is_not(string? served, long? cost, bool streaming)
    {
        var options = new ChatOptions
        {
            ModelId = "m", AdditionalProperties = new() { ["extra_body"] = new System.Text.Json.Nodes.JsonObject { ["service_tier"] = "priority" } },
        };

        var response = await Client(Price.PerMillion(2, 10), served).AskAsync(streaming, options);

        Assert.Equal(cost is { } nano ? new NanoUsd(nano) : null, response.GetCost());
        Assert.Equal(cost is null, Assert.Single(_ledger.Records).Attempts.Single().PriceVersion is null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_whole_price_list_of_a_tiers_own_endpoint_is_that_of_the_tier(bool streaming)
    {
        var catalog = new ModelCatalog([new Model("m") { Endpoints = [new ModelEndpoint("a", "x") { Tag = "a/flex", Price = Price.PerMillion(1, 5) }] }]);
        var client = new CostTrackingChatClient(
            new MeaiRouter.Routing.RouterChatClient(
                new MeaiRouter.Fallback.FallbackChatClient(TestPipeline.Endpoint(Provider("flex"))), catalog), _ledger);

        await client.AskAsync(streaming, new ChatOptions
        {
            ModelId = "m", AdditionalProperties = new() { ["extra_body"] = new System.Text.Json.Nodes.JsonObject { ["service_tier"] = "flex" } },
        });

        Assert.Equal(new NanoUsd(1_500_000), Assert.Single(_ledger.Records).Cost);
    }

    [Theory]
    [InlineData(3_000_000L, false)]
    [InlineData(3_009_000L, false)]
    [InlineData(3_040_000L, true)]
    [InlineData(0L, true)]
    public async Task A_reported_cost_stands_beside_the_computed_one_and_drift_raises_an_event(long reported, bool drifts)
    {
        foreach (var streaming in (bool[])[false, true])
        {
            var client = Client(Price.PerMillion(2, 10), reported: reported);
            var told = new List<(GenerationRecord, AttemptRecord)>();
            client.CostDrifted += (sender, e) => told.Add((e.Record, e.Attempt));

            var response = await client.AskAsync(streaming, new() { ModelId = "m" });

            var record = _ledger.Records[^1];
            var attempt = record.Attempts.Single();
            Assert.Equal(
                (new NanoUsd(3_000_000), new ReportedCost(new NanoUsd(reported)), drifts), (attempt.Cost!.Value, attempt.ReportedCost, attempt.HasCostDrift));
            Assert.Equal(new ReportedCost(new NanoUsd(reported)), response.Trace().Attempts.Single().ReportedCost);
            Assert.Equal(drifts ? [(record, attempt)] : [], told);
        }
    }

    [Theory]
    [InlineData(true, 777L, false)]
    [InlineData(true, 777L, true)]
    [InlineData(false, null, false)]
    [InlineData(false, null, true)]
    public async Task Without_a_price_a_reported_cost_is_what_was_charged_unless_that_is_switched_off(bool charges, long? cost, bool streaming)
    {
        var client = new CostTrackingChatClient(Provider(null, reported: 777), _ledger, options: new() { ChargesReportedCost = charges });

        var response = await client.AskAsync(streaming);

        Assert.Equal(cost is { } nano ? new NanoUsd(nano) : null, response.GetCost());
        var attempt = Assert.Single(_ledger.Records).Attempts.Single();
        Assert.Equal((null, new NanoUsd(777), false), (attempt.PriceVersion, attempt.ReportedCost!.Charged, attempt.HasCostDrift));
    }

    // reference/openrouter.md 2.3: the two add up only with is_byok; clients that add them otherwise count twice (PageSpace pull/1561, +70 %).
    [Theory]
    [InlineData(false, 100L, 70L, 100L)]
    [InlineData(true, 5L, 100L, 105L)]
    [InlineData(true, 5L, null, 5L)]
    public void A_reported_cost_has_one_total(bool byok, long charged, long? upstream, long total) => Assert.Equal(
        new NanoUsd(total), new ReportedCost(new NanoUsd(charged), upstream is { } nano ? new NanoUsd(nano) : null, byok).Total);

    [Theory]
    [InlineData(true, 0, 0L, 3_000_000L)]
    [InlineData(true, 0.05, 150_000L, 3_000_000L)]
    [InlineData(false, 0.05, 3_000_000L, null)]
    public void With_a_callers_key_only_the_fee_is_ours_and_the_providers_charge_stands_apart(bool callers, double fee, long cost, long? upstream)
    {
        var attempt = new RouteAttempt(0, "p", new Model("m"), new ModelEndpoint("p", "m") { Price = Price.PerMillion(2, 10) }, null, null, TimeProvider.System)
        {
            Key = new ProviderKey("own", "secret") { IsCallers = callers },
        };
        attempt.Observe(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Hello")) { Usage = Usage });
        attempt.End(AttemptOutcome.Answered);

        new AttemptCharge(PriceBook.Empty, new() { CallersKeyFee = (decimal)fee }, "m", [], new()).Settle(attempt);

        var record = AttemptRecord.Of(attempt);
        Assert.Equal(
            ("own", new NanoUsd(cost), upstream is { } nano ? new NanoUsd(nano) : (NanoUsd?)null, callers),
            (record.KeyName, record.Cost!.Value, record.UpstreamCost, attempt.IsByok));
        var generation = new GenerationRecord { Id = "g", Attempts = [record, record] };
        Assert.Equal(upstream is { } one ? new NanoUsd(2 * one) : null, generation.UpstreamCost);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task What_brought_the_caller_nothing_is_recorded_and_if_insured_not_charged(bool insured, bool streaming)
    {
        // An empty answer, charged for its input, then a good one.
        var provider = new FakeChatClient([ChatFinishReason.Stop, Usage], FakeChatClient.Answer("Hello", Usage));
        var client = new CostTrackingChatClient(
            new MeaiRouter.Fallback.FallbackChatClient(provider, [provider]), _ledger,
            new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(2, 10) }), options: new() { WaivesEmptyAnswers = insured });

        var response = await client.AskAsync(streaming, new() { ModelId = "m" });

        var record = Assert.Single(_ledger.Records);
        Assert.Equal([AttemptOutcome.Failed, AttemptOutcome.Answered], record.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal([insured, false], record.Attempts.Select(attempt => attempt.IsWaived));
        Assert.Equal(new NanoUsd(6_000_000), record.Cost);
        Assert.Equal(new NanoUsd(insured ? 3_000_000 : 6_000_000), record.Charge);
        Assert.Equal((record.Cost, record.Charge), (response.GetCost(), response.Trace().Charge));
    }

    [Fact]
    public async Task A_stream_that_broke_after_content_is_charged_in_spite_of_the_insurance()
    {
        var client = new CostTrackingChatClient(
            FakeChatClient.Playing("Hello wor", new HttpRequestException("Reset.")), _ledger,
            new PriceBook(new Dictionary<string, Price> { ["m"] = Price.PerMillion(2, 10) }), options: new() { WaivesEmptyAnswers = true });

        await client.ReadAsync(new() { ModelId = "m" });

        Assert.True(_ledger.Records.Single() is { Charge.Value: > 0, Attempts: [{ IsWaived: false }] });
    }

    [Fact]
    public async Task A_stream_that_broke_off_is_charged_for_at_least_the_output_that_arrived()
    {
        // Anthropic's streams begin with the whole input and one token of output.
        var begun = new UsageDetails { InputTokenCount = 1_000, OutputTokenCount = 1, TotalTokenCount = 1_001 };

        await new CostTrackingChatClient(FakeChatClient.Playing(begun, new string('x', 400), new HttpRequestException("Reset.")), _ledger).ReadAsync();

        Assert.Equal(
            new TokenUsage { Input = 1_000, Output = 100, Requests = 1, IsEstimated = true }, _ledger.Records.Single().Attempts.Single().Usage);
    }

    [Fact]
    public async Task Images_are_counted_where_an_endpoint_charges_for_each()
    {
        var client = Client(new Price { Image = 0.002m });
        List<ChatMessage> messages =
        [
            new(ChatRole.User, [new TextContent("Which?"), new DataContent(new byte[] { 1 }, "image/png"), new UriContent("https://a.example/b.jpg", "image/jpeg")]),
            new(ChatRole.User, [new DataContent(new byte[] { 1 }, "audio/wav")]),
        ];

        var response = await client.GetResponseAsync(messages, new() { ModelId = "m" });

        Assert.Equal((2, NanoUsd.FromUsd(0.004m)), (response.Trace().Attempts.Single().Usage!.Value.Images, response.GetCost()!.Value));
    }

    [Theory]
    [InlineData("DriftShare is 1.5; it must be from 0 to 1.")]
    public void Options_that_make_no_sense_are_refused_all_at_once(string first) => Assert.Equal(
        first + " DriftAmount is -$0.000000001; it must not be negative. CallersKeyFee is -1; it must be from 0 to 1. " +
        "LedgerFailure is 9; it must be Refuse or Deliver.",
        Assert.Throws<ArgumentException>(() => new CostTrackingChatClient(Provider(null), options: new()
        {
            DriftShare = 1.5m, DriftAmount = new NanoUsd(-1), CallersKeyFee = -1, LedgerFailure = (LedgerFailure)9,
        })).Message);

    private CostTrackingChatClient Client(Price price, string? served = null, long? reported = null) =>
        new(Provider(served, reported), _ledger, new PriceBook(new Dictionary<string, Price> { ["m"] = price }));

    private static FakeChatClient Provider(string? served, long? reported = null)
    {
        var usage = new UsageDetails();
        usage.Add(Usage);
        if (reported is { } cost)
            usage.AdditionalCounts = new() { [UsageCounts.ReportedCost] = cost };
        return FakeChatClient.Playing(
            new ChatResponseUpdate(ChatRole.Assistant, "Hello")
            {
                FinishReason = ChatFinishReason.Stop, AdditionalProperties = served is null ? null : new() { ["service_tier"] = served },
            },
            usage);
    }
}

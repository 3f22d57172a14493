using MeaiRouter.Attempts;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Costs;

/// <summary>The layer around a client that no catalogue describes.</summary>
public sealed class StandaloneCostTrackingTests
{
    private static readonly UsageDetails Usage = new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };

    private static readonly PriceBook Prices = new(new Dictionary<string, Price>
    {
        ["served-1"] = Price.PerMillion(1, 0), ["asked-for"] = Price.PerMillion(2, 0),
    });

    private readonly InMemoryLedger _ledger = new();

    [Theory]
    [InlineData("SERVED-1", "asked-for", 10_000L, false)]
    [InlineData("SERVED-1", "asked-for", 10_000L, true)]
    [InlineData("served-2", "asked-for", 20_000L, false)]
    [InlineData("served-2", "asked-for", 20_000L, true)]
    [InlineData(null, "Asked-For", 20_000L, true)]
    [InlineData("served-2", "unknown", null, false)]
    [InlineData("served-2", "unknown", null, true)]
    [InlineData(null, null, null, true)]
    public async Task The_model_as_served_decides_the_price_and_else_the_one_asked_for(string? served, string? asked, long? cost, bool streaming)
    {
        var provider = new FakeChatClient(FakeChatClient.Answer("Hello", Usage, served)) { Metadata = new("acme") };

        var response = await new CostTrackingChatClient(provider, _ledger, Prices).AskAsync(streaming, new() { ModelId = asked });

        Assert.Equal(cost is { } nano ? new NanoUsd(nano) : null, response.GetCost());
        var record = Assert.Single(_ledger.Records);
        Assert.Equal((asked, served, response.GetCost()), (record.RequestedModel, record.ServedModel, record.Cost));
        Assert.Equal(["acme Answered"], response.Trace().Attempts.Told());
        Assert.Null(record.Attempts.Single().Endpoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failure_is_the_callers_as_it_is_and_recorded(bool streaming)
    {
        var thrown = new HttpRequestException("Down.", null, System.Net.HttpStatusCode.TooManyRequests);
        var client = new CostTrackingChatClient(FakeChatClient.Playing(thrown), _ledger, Prices);

        Assert.Same(thrown, await Assert.ThrowsAsync<HttpRequestException>(() => client.AskAsync(streaming)));

        var attempt = Assert.Single(_ledger.Records).Attempts.Single();
        Assert.Equal(
            ("unknown", AttemptOutcome.Failed, FailureKind.RateLimited, 429, NanoUsd.Zero),
            (attempt.Provider, attempt.Outcome, attempt.FailureKind, attempt.Status, attempt.Cost!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancellation_is_recorded_as_one(bool streaming)
    {
        var provider = FakeChatClient.Playing(Step.Silence);
        using var caller = new CancellationTokenSource();

        var asked = new CostTrackingChatClient(provider, _ledger, Prices).AskAsync(streaming, token: caller.Token);
        await provider.CalledAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(AttemptOutcome.Cancelled, Assert.Single(_ledger.Records).Attempts.Single().Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Around_a_client_with_backups_every_attempt_is_priced(bool streaming)
    {
        var empty = new FakeChatClient([ChatFinishReason.Stop, Usage]) { Metadata = new("one") };
        var client = new CostTrackingChatClient(
            new FallbackChatClient(empty, [FakeChatClient.Answering("Hello", Usage, "served-1")]), _ledger, Prices);

        var response = await client.AskAsync(streaming, new() { ModelId = "asked-for" });

        Assert.Equal([new NanoUsd(20_000), new NanoUsd(10_000)], response.Trace().Attempts.Select(attempt => attempt.Cost!.Value));
        Assert.Equal(new NanoUsd(30_000), response.GetCost());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_ledger_the_answer_is_priced_all_the_same(bool streaming) => Assert.Equal(
        new NanoUsd(20_000),
        (await new CostTrackingChatClient(FakeChatClient.Answering("Hello", Usage), null, Prices).AskAsync(streaming, new() { ModelId = "asked-for" })).GetCost());
}

using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Fallback;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Budgets;

public sealed class BudgetChatClientTests
{
    // "Hi there" has 8 bytes, and 16 tokens may be spent around each message and once more.
    private const int MostPrompt = 8 + 16 + 16;

    private static readonly UsageDetails Usage = new() { InputTokenCount = 10, OutputTokenCount = 5, TotalTokenCount = 15 };

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_is_held_at_the_most_it_can_cost_and_booked_at_what_it_did(bool streaming)
    {
        var gate = new TaskCompletionSource();
        var provider = new FakeChatClient([gate.Task, .. FakeChatClient.Answer("Hello", Usage)]);
        var budgets = Book(Global(1));
        using var client = Standalone(provider, budgets);

        var asking = client.AskAsync(streaming, new ChatOptions { ModelId = "m", MaxOutputTokens = 1_000 });
        await provider.CalledAsync();

        // A dollar per million tokens in, ten out.
        var held = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((NanoUsd.Zero, new NanoUsd((MostPrompt * 1_000) + (1_000 * 10_000))), (held.Spent, held.Reserved));

        gate.SetResult();
        var response = await asking;

        var cost = new NanoUsd((10 * 1_000) + (5 * 10_000));
        Assert.Equal(cost, response.GetCost());
        var booked = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((cost, NanoUsd.Zero, NanoUsd.Zero), (booked.Spent, booked.Reserved, booked.Overrun));
        Assert.Equal(1_000, provider.Call.Options!.MaxOutputTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_without_room_is_refused_before_it_is_made_and_told_what_would_fit(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello", Usage);
        using var client = Standalone(provider, Book(new Budget(BudgetScope.Parse("key:team-a"), BudgetWindow.Monthly) { LimitUsd = 0.001m }));

        var failure = await client.AskInVainAsync(streaming, new ChatOptions { ModelId = "m", MaxOutputTokens = 1_000 }.WithCaller("Team-A"));

        Assert.Empty(provider.Calls);
        Assert.Equal(FailureKind.BudgetExceeded, failure.Kind);
        Assert.Equal(
            new BudgetRefusal("key:team-a", BudgetMeasure.Usd)
            {
                Window = "monthly", Limit = 0.001m, Spent = 0, Reserved = 0, Needed = 0.01004m,
                ResetsAt = new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero), FittingOutputTokens = 96,
            },
            failure.BudgetRefusal);
        Assert.Equal(
            "The monthly budget key:team-a has no room: of $0.001, $0 is spent and $0 reserved, and the call could cost $0.01004. " +
            "Room returns at 2026-02-01 00:00:00 UTC. With max_tokens of at most 96 it would fit.",
            failure.Message);

        await client.AskAsync(streaming, new ChatOptions { ModelId = "m", MaxOutputTokens = 96 }.WithCaller("team-a"));
        Assert.Single(provider.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_it_is_allowed_max_tokens_is_lowered_instead_and_the_trace_says_so(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello", Usage);
        var budgets = Book(Global(0.001m) with { ClampDownTo = 96 });
        using var client = Standalone(provider, budgets);
        var options = new ChatOptions { ModelId = "m", MaxOutputTokens = 1_000 };

        var response = await client.AskAsync(streaming, options);

        Assert.Equal((96, 1_000), (provider.Call.Options!.MaxOutputTokens, options.MaxOutputTokens));
        Assert.Equal(["max_tokens was lowered to 96 for unknown, to fit what is left of a budget."], response.Trace().Notes);

        // What is left now allows 90, which is less than the answer is worth.
        var failure = await client.AskInVainAsync(streaming, options);
        Assert.Equal(90, failure.BudgetRefusal!.FittingOutputTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cheaper_endpoint_answers_where_the_first_does_not_fit_however_many_are_refused(bool streaming)
    {
        // Tried in order c, b, a of falling price; two attempts are allowed, and refusals are none.
        var providers = Enumerable.Range(0, 4).Select(_ => FakeChatClient.Answering("Hello", Usage)).ToArray();
        var budgets = Book(Global(0.012m));
        using var client = Routed(budgets, providers, new FallbackOptions { MaxAttempts = 1 });
        var options = new ChatOptions { MaxOutputTokens = 1_000 }.WithRouting(new() { Order = ["d", "c", "b", "a"] });

        var response = await client.AskAsync(streaming, options);

        Assert.Equal(["d Failed BudgetExceeded", "c Failed BudgetExceeded", "b Failed BudgetExceeded", "a Answered"], response.Trace().Attempts.Told());
        Assert.Equal([0, 0, 0, 1], providers.Reverse().Select(provider => provider.Calls.Count));
        Assert.Equal(response.GetCost(), Assert.Single(await budgets.SnapshotAsync()).Spent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_no_endpoint_fits_the_refusal_is_that_of_the_cheapest(bool streaming)
    {
        var providers = Enumerable.Range(0, 2).Select(_ => FakeChatClient.Answering("Hello", Usage)).ToArray();
        using var client = Routed(Book(Global(0.001m)), providers);

        var failure = await client.AskInVainAsync(streaming, new ChatOptions { MaxOutputTokens = 1_000 });

        Assert.Equal((FailureKind.BudgetExceeded, (decimal?)0.01004m), (failure.Kind, failure.BudgetRefusal!.Needed));
        Assert.StartsWith("The lifetime budget global has no room", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a Failed BudgetExceeded", "b Failed BudgetExceeded"], failure.Attempts.Told());
        Assert.All(providers, provider => Assert.Empty(provider.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_that_failed_for_nothing_leaves_its_room_to_the_next(bool streaming)
    {
        // Room for the second endpoint alone, not for both.
        var budgets = Book(Global(0.0202m));
        FakeChatClient[] providers = [FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down.")), FakeChatClient.Answering("Hello", Usage)];
        using var client = Routed(budgets, providers);

        var response = await client.AskAsync(streaming, new ChatOptions { MaxOutputTokens = 1_000 });

        Assert.Equal(["a Failed Unavailable", "b Answered"], response.Trace().Attempts.Told());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hedge_without_room_leaves_the_first_attempt_running(bool streaming)
    {
        var gate = new TaskCompletionSource();
        FakeChatClient[] providers = [new([gate.Task, .. FakeChatClient.Answer("Slow", Usage)]), FakeChatClient.Answering("Fast", Usage)];
        var budgets = Book(Global(0.0205m));
        using var client = Routed(budgets, providers, new FallbackOptions { FirstContent = TimeSpan.FromSeconds(1), WholeAnswer = TimeSpan.FromSeconds(1) });

        var asking = client.AskAsync(streaming, new ChatOptions { MaxOutputTokens = 1_000 });
        await providers[0].CalledAsync();
        await _time.ArmedAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        gate.SetResult();
        var response = await asking;

        Assert.Equal("Slow", response.Text);
        Assert.Empty(providers[1].Calls);
        Assert.Equal((response.GetCost(), NanoUsd.Zero), ((await budgets.SnapshotAsync())[0].Spent, (await budgets.SnapshotAsync())[0].Reserved));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_hedge_is_held_beside_the_attempt_it_runs_beside_and_both_are_booked(bool streaming)
    {
        FakeChatClient[] providers = [FakeChatClient.Playing(Step.Silence), FakeChatClient.Answering("Fast", Usage)];
        var budgets = Book(Global(1));
        using var client = Routed(budgets, providers, new FallbackOptions { FirstContent = TimeSpan.FromSeconds(1), WholeAnswer = TimeSpan.FromSeconds(1) });

        var asking = client.AskAsync(streaming, new ChatOptions { MaxOutputTokens = 1_000 });
        await providers[0].CalledAsync();
        await _time.ArmedAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        var response = await asking;

        // The silent provider may charge the prompt, which is estimated at two tokens.
        var cost = new NanoUsd(2 * 1_000) + new NanoUsd((10 * 2_000) + (5 * 20_000));
        var balance = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((cost, cost, NanoUsd.Zero), (response.GetCost()!.Value, balance.Spent, balance.Reserved));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_the_caller_cancels_is_booked_with_what_it_is_estimated_to_have_cost(bool streaming)
    {
        var provider = FakeChatClient.Playing(Step.Silence);
        var budgets = Book(Global(1));
        using var client = Routed(budgets, [provider]);
        using var source = new CancellationTokenSource();

        var asking = client.AskAsync(streaming, token: source.Token);
        await provider.CalledAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        var balance = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((new NanoUsd(2 * 1_000), NanoUsd.Zero), (balance.Spent, balance.Reserved));
    }

    [Fact]
    public async Task A_stream_the_caller_stops_reading_is_booked_with_what_arrived()
    {
        var budgets = Book(Global(1));
        using var client = Standalone(FakeChatClient.Playing("Hello wor", Step.Silence), budgets);

        await foreach (var update in client.GetStreamingResponseAsync([new(ChatRole.User, "Hi there")], new() { ModelId = "m" }))
            break;

        var balance = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((new NanoUsd((2 * 1_000) + (3 * 10_000)), NanoUsd.Zero), (balance.Spent, balance.Reserved));
    }

    [Fact]
    public async Task A_stream_that_is_neither_read_nor_disposed_is_booked_at_the_most_when_its_lease_ends()
    {
        var budgets = Book(Global(1));
        using var client = Standalone(FakeChatClient.Playing("Hello wor", Step.Silence), budgets);

        var stream = client.GetStreamingResponseAsync([new(ChatRole.User, "Hi there")], new() { ModelId = "m", MaxOutputTokens = 100 }).GetAsyncEnumerator();
        Assert.True(await stream.MoveNextAsync());
        _time.Advance(TimeSpan.FromMinutes(15));

        var most = new NanoUsd((MostPrompt * 1_000) + (100 * 10_000));
        var swept = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((most, NanoUsd.Zero), (swept.Spent, swept.Reserved));

        // The holder lives after all, and its true cost takes the place of the most.
        await stream.DisposeAsync();
        Assert.Equal(new NanoUsd((2 * 1_000) + (3 * 10_000)), Assert.Single(await budgets.SnapshotAsync()).Spent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_layer_of_others_that_throws_after_the_answer_leaves_nothing_reserved(bool streaming)
    {
        var budgets = Book(Global(1));
        var tracked = new CostTrackingChatClient(FakeChatClient.Answering("Hello", Usage), null, Prices);
        using var client = new BudgetChatClient(new ThrowingAfterwards(tracked), budgets, Prices);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.AskAsync(streaming, new() { ModelId = "m" }));

        var balance = Assert.Single(await budgets.SnapshotAsync());
        Assert.Equal((new NanoUsd((10 * 1_000) + (5 * 10_000)), NanoUsd.Zero), (balance.Spent, balance.Reserved));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_has_no_price_is_refused_by_a_hard_budget_unless_it_says_what_to_assume(bool streaming)
    {
        var provider = FakeChatClient.Answering("Hello", Usage);
        var options = new ChatOptions { ModelId = "nobody/knows" };

        var failure = await Standalone(provider, Book(Global(1))).AskInVainAsync(streaming, options);
        Assert.Equal((FailureKind.BudgetExceeded, null), (failure.Kind, failure.BudgetRefusal!.Needed));
        Assert.Equal(
            "Nobody knows what nobody/knows costs at unknown, so that the budget global cannot tell whether it has room. " +
            "Give the endpoint a price, or the budget AssumeUsdPerRequest.",
            failure.Message);
        Assert.Empty(provider.Calls);

        var assuming = Book(Global(0.3m) with { AssumeUsdPerRequest = 0.2m });
        var response = await Standalone(provider, assuming).AskAsync(streaming, options);
        Assert.Equal(["unknown has no price; budgets take the call for $0.2."], response.Trace().Notes);
        Assert.Equal(NanoUsd.FromUsd(0.2m), Assert.Single(await assuming.SnapshotAsync()).Spent);
        Assert.Equal(0.2m, (await Standalone(provider, assuming).AskInVainAsync(streaming, options)).BudgetRefusal!.Needed);

        await Standalone(provider, Book(Global(1) with { Soft = true })).AskAsync(streaming, options);
        Assert.Equal(2, provider.Calls.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_soft_budget_warns_and_lets_the_call_through(bool streaming)
    {
        var budgets = Book(Global(0.00006m) with { Soft = true });
        var warnings = new List<string>();
        budgets.Warning += (_, warning) => warnings.Add($"{warning.Balance.Scope} {warning.Share} {warning.Balance.Spent} of {warning.Balance.Limit}");
        using var client = Standalone(FakeChatClient.Answering("Hello", Usage), budgets);

        foreach (var _ in Enumerable.Range(0, 3))
            await client.AskAsync(streaming, new() { ModelId = "m" });

        Assert.Equal(["global 0.8 $0.00006 of $0.00006", "global 1 $0.00006 of $0.00006"], warnings);
        Assert.Equal(NanoUsd.FromUsd(0.00018m), Assert.Single(await budgets.SnapshotAsync()).Spent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_scope_of_a_call_has_its_share_and_no_other_has(bool streaming)
    {
        string[] scopes =
        [
            "global", "key:team-a", "key:team-b", "user:bob", "user:*", "tag:x", "tag:z", "session:*",
            "model:ACME/Large", "model:other", "provider:A", "provider:b", "provider:*",
        ];
        var budgets = Book([.. scopes.Select(scope => new Budget(BudgetScope.Parse(scope)) { LimitUsd = 1 })]);
        FakeChatClient[] providers = [FakeChatClient.Answering("Hello", Usage), FakeChatClient.Answering("Hello", Usage)];
        using var client = Routed(budgets, providers);

        await client.AskAsync(streaming, new ChatOptions().WithCaller("team-a").WithUser("bob").WithTag("x").WithTag("y").WithTag("X").WithSessionId("s1"));

        Assert.Equal(
            [
                "global $0.00006", "key:team-a $0.00006", "key:team-b $0", "user:bob $0.00006", "user:bob $0.00006", "tag:x $0.00006", "tag:z $0",
                "session:s1 $0.00006", "model:ACME/Large $0.00006", "model:other $0", "provider:A $0.00006", "provider:b $0", "provider:a $0.00006",
            ],
            (await budgets.SnapshotAsync()).Select(balance => $"{balance.Scope} {balance.Spent}"));
        Assert.Null(providers[0].Call.Options!.AdditionalProperties);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_counts_once_for_its_caller_and_each_attempt_for_its_provider(bool streaming)
    {
        var budgets = Book(
            new Budget(BudgetScope.Parse("key:team-a")) { RequestsPerMinute = 2, Concurrency = 1 },
            new Budget(BudgetScope.Parse("provider:*")) { RequestsPerMinute = 3 });
        FakeChatClient[] providers = [FakeChatClient.Playing(new RouterException(FailureKind.Unavailable, "Down.")), FakeChatClient.Answering("Hello", Usage)];
        using var client = Routed(budgets, providers);
        var options = new ChatOptions().WithCaller("team-a");

        await client.AskAsync(streaming, options);
        await client.AskAsync(streaming, options);
        var failure = await client.AskInVainAsync(streaming, options);

        Assert.Equal(["key:team-a 2 0", "provider:a 2 0", "provider:b 2 0"], (await budgets.SnapshotAsync()).Select(b => $"{b.Scope} {b.Requests} {b.InFlight}"));
        Assert.Equal((FailureKind.LimitExceeded, TimeSpan.FromSeconds(61)), (failure.Kind, failure.RetryAfter));
        Assert.Equal("The budget key:team-a allows 2 requests per minute, and 2 began in the last one. Room returns at 2026-01-01 00:01:01 UTC.", failure.Message);
        Assert.Empty(failure.Attempts);
    }

    [Fact]
    public async Task Budgets_may_be_replaced_while_calls_run()
    {
        var budgets = Book(Global(0.00001m));
        var provider = FakeChatClient.Answering("Hello", Usage);
        using var client = Standalone(provider, budgets);
        await client.AskInVainAsync(streaming: false, new() { ModelId = "m" });

        budgets.Replace([Global(1)]);
        await client.AskAsync(streaming: false, new() { ModelId = "m" });
        budgets.Replace([]);
        await client.AskAsync(streaming: false, new() { ModelId = "unpriced" });

        Assert.Empty(await budgets.SnapshotAsync());
        budgets.Replace([Global(1)]);
        Assert.Equal(NanoUsd.FromUsd(0.00006m), Assert.Single(await budgets.SnapshotAsync()).Spent);
    }

    [Fact]
    public void Nothing_that_is_wrong_with_budgets_is_kept_back()
    {
        var failure = Assert.Throws<ArgumentException>(() => Book(
            new Budget(BudgetScope.Global), Global(-1), Global(2) with { Overcommit = 0.5m },
            new Budget(BudgetScope.Parse("key:A")) { Concurrency = 0 }, new Budget(BudgetScope.Parse("key:a")) { Soft = true, RequestsPerMinute = 1 },
            Global(1) with { WarnAt = [1, 0.5m], AssumeUsdPerRequest = -1 }));

        Assert.StartsWith(
            "The budget global limits nothing: set LimitUsd, RequestsPerMinute, TokensPerMinute or Concurrency. LimitUsd of the budget global is -1; it must not be negative. " +
            "Overcommit of the budget global is 0.5; it must be at least 1. Concurrency of the budget key:A is 0; it must be at least 1. " +
            "The budget key:a is soft, but has no LimitUsd to warn of. AssumeUsdPerRequest of the budget global is -1; it must not be negative. " +
            "WarnAt of the budget global holds 0.5; the shares must be positive and ascending. " +
            "There are 4 budgets global with the window lifetime. Give one of them another window, or combine them. " +
            "There are 2 budgets key:A with the window lifetime. Give one of them another window, or combine them.",
            failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layer_stands_outside_cost_tracking_and_cannot_do_without_it()
    {
        var provider = new FakeChatClient();
        var budgets = Book(Global(1));
        Assert.Equal(
            "BudgetChatClient must know what calls cost, but no CostTrackingChatClient is inside it. Add CostTrackingChatClient to the builder after " +
            "BudgetChatClient, or give it a PriceBook.",
            Assert.Throws<InvalidOperationException>(() => new BudgetChatClient(new FallbackChatClient(provider), budgets)).Message);

        var outside = new BudgetChatClient(new CostTrackingChatClient(provider), budgets);
        Assert.Equal(
            "BudgetChatClient must be outside CostTrackingChatClient, but the pipeline has it inside; in this order attempts and their costs would be lost. " +
            "Add BudgetChatClient to the builder before CostTrackingChatClient.",
            Assert.Throws<InvalidOperationException>(() => new CostTrackingChatClient(new PassThrough(outside))).Message);
        Assert.Equal(
            "The pipeline has two BudgetChatClient layers, and each would do the other's work again. Remove one.",
            Assert.Throws<InvalidOperationException>(() => new BudgetChatClient(outside, budgets)).Message);
    }

    private static PriceBook Prices { get; } = new(new Dictionary<string, Price> { ["m"] = Price.PerMillion(1, 10) });

    private static Budget Global(decimal limit) => new(BudgetScope.Global) { LimitUsd = limit };

    private BudgetBook Book(params Budget[] budgets) => new(budgets, timeProvider: _time);

    private BudgetChatClient Standalone(FakeChatClient provider, BudgetBook budgets) => new(provider, budgets, Prices, _time);

    private BudgetChatClient Routed(BudgetBook budgets, FakeChatClient[] providers, FallbackOptions? options = null) =>
        new(TestPipeline.With(options, _time, null, providers), budgets);

    private sealed class ThrowingAfterwards(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await base.GetResponseAsync(messages, options, cancellationToken);
            throw new InvalidOperationException("Afterwards.");
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
                yield return update;
            throw new InvalidOperationException("Afterwards.");
        }
    }
}

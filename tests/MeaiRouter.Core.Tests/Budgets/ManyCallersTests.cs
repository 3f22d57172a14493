using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Budgets;

/// <summary>Thousands of callers at once over providers that answer, fail, overrun, stall and break off as chance will.</summary>
public sealed class ManyCallersTests
{
    private const int Patience = 20;
    private const int Requests = 4_000;
    private const int AtOnce = 64;
    private const int MostOutput = 50;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public async Task No_limit_is_passed_at_any_instant_every_charge_is_booked_once_and_nothing_stays_reserved(int seed, bool withOverruns)
    {
        // Room for a part of the calls only, so that most decisions are made near a limit.
        Budget[] limits =
        [
            Money("global", 0.2m), Money("key:team-1", 0.04m), Money("user:*", 0.02m) with { ClampDownTo = 5 }, Money("tag:batch", 0.05m),
            Money("model:acme/large", 0.18m), Money("provider:b", 0.04m), Money("session:*", 0.06m),
            new Budget(BudgetScope.Parse("key:*")) { Concurrency = 6, TokensPerMinute = 40_000 },
            new Budget(BudgetScope.Parse("provider:*")) { Concurrency = 30 },
        ];
        var violations = new ConcurrentQueue<string>();
        var store = new InMemoryBudgetStore { Changed = balance => Check(balance, withOverruns, violations) };
        var budgets = new BudgetBook(limits, store: store);
        var ledger = new InMemoryLedger(Requests);
        using var client = Pipeline(budgets, ledger, seed, withOverruns);
        var outcomes = new ConcurrentDictionary<string, int>();

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            // Whoever finds no room comes back, so that not all are sent away before the money is spent.
            for (var asked = 0; asked < Patience; asked++)
            {
                var outcome = await AskAsync(client, new Random((seed * Requests) + i));
                outcomes.AddOrUpdate(outcome, 1, (_, count) => count + 1);
                if (outcome != nameof(FailureKind.LimitExceeded))
                    break;
                await Task.Delay(1, CancellationToken.None);
            }
        }).Soon();

        Assert.Empty(violations);
        var balances = await budgets.SnapshotAsync();
        Assert.All(balances, balance => Assert.Equal((NanoUsd.Zero, 0), (balance.Reserved, balance.InFlight)));

        // Losers of races are settled with the request, so the ledger and the budget have seen the same charges.
        var charged = ledger.Records.Aggregate(NanoUsd.Zero, (sum, record) => sum + record.Cost!.Value);
        Assert.Equal(charged, balances.Single(balance => balance.Scope == "global").Spent);
        Assert.Equal(charged, balances.Where(balance => balance.Budget.Scope.ToString() == "provider:*").Aggregate(NanoUsd.Zero, (sum, b) => sum + b.Spent));
        Assert.Equal(withOverruns, balances[0].Overrun > NanoUsd.Zero);

        // Chance has tried everything.
        foreach (var outcome in (string[])["answered", "cancelled", "left", nameof(FailureKind.BudgetExceeded), nameof(FailureKind.LimitExceeded)])
            Assert.True(outcomes.GetValueOrDefault(outcome) > 0, $"{outcome}: {string.Join(", ", outcomes)}");
        Assert.Contains(ledger.Records, record => record.Attempts.Any(attempt => attempt.Outcome == AttemptOutcome.Superseded || attempt.FailureKind == FailureKind.Timeout));
    }

    private static void Check(BudgetBalance balance, bool withOverruns, ConcurrentQueue<string> violations)
    {
        var budget = balance.Budget;
        if (balance.Reserved < NanoUsd.Zero || balance.InFlight < 0 || (!withOverruns && balance.Overrun > NanoUsd.Zero))
            violations.Enqueue(balance.ToString());
        if (budget.Limit is { } limit && balance.Spent + balance.Reserved > limit + balance.Overrun)
            violations.Enqueue($"{balance.Scope}: {balance.Spent} + {balance.Reserved} > {limit} + {balance.Overrun}");
        if (budget.Concurrency < balance.InFlight)
            violations.Enqueue($"{balance.Scope}: {balance.InFlight} in flight");
    }

    private static async Task<string> AskAsync(IChatClient client, Random random)
    {
        using var source = new CancellationTokenSource();
        if (random.Next(8) == 0)
            source.CancelAfter(TimeSpan.FromMilliseconds(random.Next(3)));

        var options = new ChatOptions { MaxOutputTokens = MostOutput }
            .WithCaller($"team-{random.Next(4)}").WithUser($"u{random.Next(30)}").WithSessionId($"s{random.Next(10)}");
        if (random.Next(3) == 0)
            options.WithTag("batch");
        try
        {
            if (random.Next(2) == 0)
            {
                await client.GetResponseAsync("Hi there", options, source.Token);
                return "answered";
            }

            var leaves = random.Next(5) == 0;
            await foreach (var update in client.GetStreamingResponseAsync("Hi there", options, source.Token))
            {
                if (leaves)
                    return "left";
            }

            return "answered";
        }
        catch (RouterException failure)
        {
            return failure.Kind.ToString();
        }
        catch (OperationCanceledException) when (source.IsCancellationRequested)
        {
            return "cancelled";
        }
    }

    private static Budget Money(string scope, decimal limit) => new(BudgetScope.Parse(scope)) { LimitUsd = limit };

    private static BudgetChatClient Pipeline(BudgetBook budgets, ILedger ledger, int seed, bool overruns)
    {
        var providers = ((string[])["a", "b", "c"]).ToDictionary(name => name, IChatClient (name) => new Whimsical(seed + name[0], overruns));
        var hedging = new FallbackOptions
        {
            FirstContent = TimeSpan.FromMilliseconds(1),
            WholeAnswer = TimeSpan.FromMilliseconds(1),
            Hedging = new HedgingOptions { Quantile = 0.5, MaxShare = 1 },
            RetryBudget = new RetryBudget(share: 1),
            HoldCharacters = 0,
        };
        return new BudgetChatClient(
            new CostTrackingChatClient(
                new RouterChatClient(
                    new FallbackChatClient(new NormalizingChatClient(new EndpointChatClient(providers)), hedging),
                    TestPipeline.Catalog(3), new RoutingOptions { Strategy = RoutingStrategies.RoundRobin, DefaultModel = TestPipeline.ModelId }),
                ledger),
            budgets);
    }

    /// <summary>A provider that does what chance says, and reports what it charges: within the bounds, unless it may overrun them.</summary>
    private sealed class Whimsical(int seed, bool overruns) : IChatClient
    {
        private readonly Random _random = new(seed);

        public async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            var (fate, tokens, overrun) = Draw(options!.MaxOutputTokens!.Value);
            if (fate == 0)
                throw new RouterException(FailureKind.RateLimited, "Slow down.") { Status = 429 };
            if (fate == 1)
                throw new HttpRequestException("Reset.");
            if (fate < 6)
                await Task.Delay(fate, cancellationToken);
            else
                await Task.Yield();

            yield return new ChatResponseUpdate(ChatRole.Assistant, "Hello ");
            if (fate == 7)
                throw new IOException("Cut.");
            if (fate == 8)
                await Task.Delay(2, cancellationToken);
            yield return new ChatResponseUpdate(ChatRole.Assistant, "you") { FinishReason = ChatFinishReason.Stop };

            var input = 10 + (overrun ? 500 : 0);
            yield return new ChatResponseUpdate(null, [new UsageContent(new() { InputTokenCount = input, OutputTokenCount = tokens, TotalTokenCount = input + tokens })]);
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private (int Fate, int Tokens, bool Overrun) Draw(int most)
        {
            lock (_random)
                return (_random.Next(20), _random.Next(1, most + 1), overruns && _random.Next(10) == 0);
        }
    }
}

using System.Collections.Concurrent;
using MeaiRouter.Attempts;
using MeaiRouter.Budgets;
using MeaiRouter.Core.Tests.Fakes;
using MeaiRouter.Costs;
using MeaiRouter.Endpoints;
using MeaiRouter.Fallback;
using MeaiRouter.Health;
using MeaiRouter.Load;
using MeaiRouter.Normalization;
using MeaiRouter.Pricing;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Faults;

/// <summary>Two hundred callers ask for an hour while three providers fail in every way, and are down for two minutes each, over and over.</summary>
public sealed class HourOfFaultsTests
{
    private const int Callers = 200;
    private const int AtOnce = 30;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Cycle = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(2);

    private readonly SimulatedTime _time = new();
    private readonly HealthBoard _health;
    private readonly InMemoryLedger _ledger = new(100_000);
    private readonly BudgetBook _budgets;
    private readonly ConcurrentDictionary<string, int> _outcomes = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private bool _isOver;

    public HourOfFaultsTests()
    {
        _health = new HealthBoard(_time);
        Budget[] limits =
        [
            new(BudgetScope.Parse("global")) { LimitUsd = 1_000m },
            new(BudgetScope.Parse("user:*")) { LimitUsd = 0.012m, Concurrency = 3 },
            new(BudgetScope.Parse("provider:*")) { Concurrency = 100, TokensPerMinute = 1_000_000 },
        ];
        _budgets = new BudgetBook(limits, timeProvider: _time);
    }

    [Theory]
    [InlineData(1)]
    public async Task Every_caller_gets_the_exact_text_or_a_typed_error_and_nothing_is_left_behind(int seed)
    {
        SimulatedProvider[] providers = [.. Enumerable.Range(0, 3).Select(i => Provider(i, seed))];
        using var client = Pipeline(providers, seed);

        await _time.RunAsync(() => AskForAnHourAsync(client, seed));

        Assert.Empty(_violations);
        string[] kinds =
        [
            "answered", "cancelled", "left", "broken off", nameof(FailureKind.InvalidRequest), nameof(FailureKind.BudgetExceeded), nameof(FailureKind.DeadlineExceeded),
        ];
        Assert.All(kinds, kind => Assert.True(_outcomes.ContainsKey(kind), $"{kind}: {string.Join(", ", _outcomes)}"));
        Assert.True(_outcomes["answered"] > 15_000, string.Join(", ", _outcomes));

        // No connection, no timer, no attempt, no reservation.
        Assert.All(providers, provider => Assert.Equal(0, provider.Open));
        Assert.Equal(0, _time.Armed);
        var model = TestPipeline.Model(3);
        Assert.All(model.Endpoints, endpoint => Assert.Equal(0, _health.For(model, endpoint).InFlight));
        var balances = await _budgets.SnapshotAsync();
        Assert.All(balances, balance => Assert.Equal((NanoUsd.Zero, 0), (balance.Reserved, balance.InFlight)));
        var charged = _ledger.Records.Aggregate(NanoUsd.Zero, static (sum, record) => sum + record.Cost!.Value);
        Assert.Equal(charged, balances.Single(balance => balance.Scope == "global").Spent);

        // All the room there was is there again, and no more.
        await _time.RunAsync(() => FillAsync(client, providers[0]));
    }

    private static async Task FillAsync(IChatClient client, SimulatedProvider provider)
    {
        var options = Enumerable.Range(0, AtOnce + 1).Select(i => new ChatOptions { MaxOutputTokens = 50 }
            .WithUser($"late-{i}").WithRouting(new RoutingPreferences { Only = ["a"] }));
        var asked = options.Select(own => client.GetResponseAsync("Hi there", own)).ToList();

        Assert.Equal(AtOnce, provider.Open);
        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal(SimulatedProvider.Text, answer.Text));
    }

    private async Task AskForAnHourAsync(IChatClient client, int seed)
    {
        var callers = new CancellationTokenSource[Callers];
        await Task.WhenAll(callers.Select((_, i) =>
        {
            callers[i] = new CancellationTokenSource();
            return CallAsync(client, i, new Random((seed * Callers) + i), callers[i].Token);
        }));

        // Whoever does not hear that nobody wants him any more is through by then.
        _isOver = true;
        await Task.Delay(TimeSpan.FromMinutes(1), _time);
    }

    private async Task CallAsync(IChatClient client, int caller, Random random, CancellationToken callersToken)
    {
        while (_time.Elapsed < Hour)
        {
            await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 40), _time, CancellationToken.None);
            var outcome = await AskAsync(client, caller, random, callersToken);
            _outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
        }
    }

    private async Task<string> AskAsync(IChatClient client, int caller, Random random, CancellationToken callersToken)
    {
        using var source = random.Next(10) == 0 ? new CancellationTokenSource(TimeSpan.FromSeconds(random.NextDouble() * 3), _time) : null;
        var options = new ChatOptions { MaxOutputTokens = 50 }.WithUser($"u{caller}").WithCaller($"team-{caller % 5}");

        var text = "";
        try
        {
            var token = source?.Token ?? callersToken;
            if (random.Next(2) == 0)
            {
                text = (await client.GetResponseAsync("Hi there", options, token)).Text;
            }
            else
            {
                var leaves = random.Next(10) == 0;
                await foreach (var update in client.GetStreamingResponseAsync("Hi there", options, token))
                {
                    text += update.Text;
                    if (leaves && text.Length > 0)
                        return "left";
                }
            }

            if (text is not (SimulatedProvider.Text or SimulatedProvider.OtherText))
                _violations.Enqueue($"'{text}' for a whole answer");
            return "answered";
        }
        catch (RouterException failure)
        {
            if (!SimulatedProvider.Text.StartsWith(text, StringComparison.Ordinal) && !SimulatedProvider.OtherText.StartsWith(text, StringComparison.Ordinal))
                _violations.Enqueue($"'{text}' before {failure.Message}");
            return text.Length > 0 ? "broken off" : failure.Kind.ToString();
        }
        catch (OperationCanceledException) when (source?.IsCancellationRequested == true)
        {
            return "cancelled";
        }
        catch (Exception exception)
        {
            _violations.Enqueue(exception.ToString());
            return "wrong";
        }
    }

    private SimulatedProvider Provider(int index, int seed)
    {
        var random = new Random((seed * 10) + index);
        var faults = Enum.GetValues<Fate>().Except([Fate.Answered]).ToArray();
        return new SimulatedProvider(_time, () =>
        {
            if (_isOver)
                return Fate.Answered;
            if ((_time.Elapsed + (index * Cycle / 3)).Ticks % Cycle.Ticks < Outage.Ticks)
                return Fate.Unavailable;
            lock (random)
                return random.Next(8) > 0 ? Fate.Answered : faults[random.Next(faults.Length)];
        });
    }

    private BudgetChatClient Pipeline(SimulatedProvider[] providers, int seed)
    {
        var decisions = (ulong)seed << 32;
        var endpoints = new EndpointChatClient(new Dictionary<string, IChatClient> { ["a"] = providers[0], ["b"] = providers[1], ["c"] = providers[2] });
        var options = new FallbackOptions { Total = TimeSpan.FromMinutes(2), Load = new LoadOptions { MaxConcurrency = AtOnce, QueueLimit = 5, MaxWait = TimeSpan.FromSeconds(5) } };
        var routing = new RoutingOptions { DefaultModel = TestPipeline.ModelId, Health = _health, NextSeed = () => Interlocked.Increment(ref decisions) };
        return new BudgetChatClient(
            new CostTrackingChatClient(
                new RouterChatClient(new FallbackChatClient(new NormalizingChatClient(endpoints), options, _time), TestPipeline.Catalog(3), routing, _time),
                _ledger, null, _time),
            _budgets);
    }
}
